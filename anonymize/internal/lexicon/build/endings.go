package build

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// An ending of a surname or patronymic, in one of its cases.
type ending struct {
	text  string
	class lexicon.Class
	gram  lexicon.Gram
	cut   int
	add   int // index into what lexicon.Ending.Base may add: nothing, «ий», «а»
}

// A pattern is a suffix with the endings that its cases put after it.
type pattern struct {
	class    lexicon.Class
	suffixes string
	endings  string // ending:readings; m f p for gender or plural, 1..6 for the case
	add      int
}

var patterns = []pattern{
	{lexicon.Surname, "ов ев ин ын", "-:m1 а:m2m4f1 у:m3f4 ым:m5p3 е:m6 ой:f2f3f5f6 ою:f5 ы:p1 ых:p2p4p6 ыми:p5", 0},
	{lexicon.Surname, "ск цк", "ий:m1 ого:m2m4 ому:m3 им:m5p3 ом:m6 ая:f1 ой:f2f3f5f6 ую:f4 ие:p1 их:p2p4p6 ими:p5", 1},
	{lexicon.Surname, "енко швили дзе", "-:m1m2m3m4m5m6f1f2f3f4f5f6", 0},
	{lexicon.Surname, "ян янц ук юк ман берг тейн", "-:m1f1f2f3f4f5f6 а:m2m4 у:m3 ом:m5 ем:m5 е:m6", 0},
	{lexicon.Patronymic, "ович евич ыч", "-:m1 а:m2m4 у:m3 ем:m5 е:m6", 0},
	{lexicon.Patronymic, "овн евн ичн", "а:f1 ы:f2 е:f3f6 у:f4 ой:f5 ою:f5", 2},
}

// givenEndings are what first names of Central Asia and the Caucasus end with. They are made of parts, more of them than a list
// can hold: «Умеджон», «Жолдошбек», «Бобомурод», «Бибигуль».
var givenEndings = strings.Fields("" +
	"зода улла улло нисо мурод мурад мурат магомед заде бай бае баем баю бая гелди берди гельды кельды берды бек гул гули гуль гюль гулью " +
	"ислом джон жон ддин рахман рахмон султан берген хон жан назар темир темур булат болат")

// endings returns every ending of patterns that [lexicon.EndingOf] can see.
func endings() []ending {
	var all []ending
	for _, p := range patterns {
		for suffix := range strings.FieldsSeq(p.suffixes) {
			for e := range strings.FieldsSeq(p.endings) {
				tail, readings, _ := strings.Cut(e, ":")
				tail = strings.Trim(tail, "-")
				text := suffix + tail
				if n := len(text) / 2; n > lexicon.LongestEnding {
					continue
				}
				all = append(all, ending{text, p.class, readGram(readings), len(tail) / 2, p.add})
			}
		}
	}
	return all
}

// nameTails has a [lexicon.Tail] for each two last letters.
func nameTails() []byte {
	tails := make([]byte, 1<<10)
	add := func(ending string, tail lexicon.Tail) { tails[lexicon.Key(ending)&(1<<10-1)] |= byte(tail) }
	for _, e := range endings() {
		add(e.text, lexicon.NameTail)
	}
	for _, e := range givenEndings {
		for _, ofCase := range strings.Split(" ом ем а е и й о у ы э ю я", " ") {
			add(e+ofCase, lexicon.GivenTail)
		}
	}
	return tails
}

// nameEndings lays the endings of names out with their values.
func nameEndings(rows *analyses) []byte {
	all := endings()
	texts, values := make([]string, len(all)), make([]uint32, len(all))
	for i, e := range all {
		texts[i], values[i] = e.text, rows.number(e.class, e.gram)<<8|uint32(e.add)<<4|uint32(e.cut)
	}
	return endingList(texts, values)
}

// endingList lays endings out as package lexicon reads them.
func endingList(texts []string, values []uint32) []byte {
	const tails = 1 << 10
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(texts[b]) - len(texts[a]) })
	var numbers, list []byte
	for tail := range uint64(tails) {
		numbers = binary.LittleEndian.AppendUint16(numbers, uint16(len(list)/8))
		for _, i := range order {
			n := len(texts[i]) / 2
			shared := min(n, 2) // letters
			if lexicon.EndingKey(lexicon.Key(texts[i]), shared) != lexicon.EndingKey(tail, shared) {
				continue
			}
			e := uint64(n)<<60 | lexicon.Key(texts[i])&(1<<40-1)
			if values != nil {
				e |= uint64(values[i]) << 40
			}
			list = binary.LittleEndian.AppendUint64(list, e)
		}
	}
	numbers = binary.LittleEndian.AppendUint16(numbers, uint16(len(list)/8))
	return append(append(numbers, 0, 0), list...)
}

func readGram(readings string) lexicon.Gram {
	var g lexicon.Gram
	for ; readings != ""; readings = readings[2:] {
		c := lexicon.Case(readings[1] - '1')
		switch readings[0] {
		case 'm':
			g |= lexicon.GramOf(lexicon.Male, c)
		case 'f':
			g |= lexicon.GramOf(lexicon.Female, c)
		case 'p':
			g |= lexicon.PluralOf(c)
		}
	}
	return g
}
