//go:build ignore

// Gen makes words.bin from words.tsv and the words that rules name, and stems.bin from stems.tsv.
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
	blob, err := build.Blob(tsv, os.DirFS("../.."))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("words.bin", blob, 0o644); err != nil {
		log.Fatal(err)
	}
	if tsv, err = os.Open("stems.tsv"); err != nil {
		log.Fatal(err)
	}
	if blob, err = build.Stems(tsv); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("stems.bin", blob, 0o644); err != nil {
		log.Fatal(err)
	}
}
