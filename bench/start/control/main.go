// Control is start/mask without the package that it measures.
package main

import "fmt"

func main() { fmt.Println("nothing") }
