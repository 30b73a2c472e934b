//go:build ignore

// Gen makes words.bin from words.tsv.
package main

import (
	"log"
	"os"

	"github.com/syntora/vual/anonymize/internal/vocabulary/build"
)

func main() {
	tsv, err := os.Open("words.tsv")
	if err != nil {
		log.Fatal(err)
	}
	blob, err := build.Blob(tsv)
	if err != nil {
		log.Fatal("words.tsv: ", err)
	}
	if err := os.WriteFile("words.bin", blob, 0o644); err != nil {
		log.Fatal(err)
	}
}
