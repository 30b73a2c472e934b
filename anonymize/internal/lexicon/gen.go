//go:build ignore

// Gen writes lexicon.bin from the tables in data/.
package main

import (
	"log"
	"os"

	"github.com/syntora/vual/anonymize/internal/lexicon/build"
)

func main() {
	blob, err := build.Blob(os.DirFS("data"))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("lexicon.bin", blob, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("lexicon.bin: %d bytes", len(blob))
}
