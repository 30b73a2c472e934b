// Start does nothing but link every package, so that a test can see what they do before main.
package main

import (
	_ "github.com/syntora/vual/anonymize/policy"
	_ "github.com/syntora/vual/anonymize/transcript"
	_ "github.com/syntora/vual/audit"
	_ "github.com/syntora/vual/crypto"
	_ "github.com/syntora/vual/retention"
	_ "github.com/syntora/vual/retention/policy"
	_ "github.com/syntora/vual/tokenize"
)

func main() {}
