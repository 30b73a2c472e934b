package anonymize

import (
	"bytes"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// listenToVehicles learns the numbers of vehicles that a turn tells, whole or in pieces, so that all pieces of one have one
// token, and finds what repeats one that was told: «записываю… XW8ZZZ61ZJG, дальше?»
func (d *dictation) listenToVehicles(dst []Span, t *Text) []Span {
	for i := range dst {
		if dst[i].Kind != VIN {
			continue
		}
		var buf [maxTold]byte
		told := t.appendVehicle(buf[:0], int(t.tokenAt(dst[i].Start)), dst[i].End)
		if len(told) == 0 || len(told) > vinLength {
			continue
		}
		at := d.vehicle(told)
		d.at(at).turn = d.turn
		dst[i].value = -int32(at)
	}
	if !d.knowsVehicle() {
		return dst
	}
	next := 0
	for _, on := range t.triggers {
		i := int(on.at)
		if on.on&(onNumber|onSaid) == 0 || i < next {
			continue
		}
		from, to := t.vehiclePiece(i, next)
		next = max(to, i+1)
		if !t.window.owns(int(t.tok[from].start)) {
			continue
		}
		var buf [maxTold]byte
		if told := t.appendVehicle(buf[:0], from, int(t.tok[to-1].end)); len(told) >= minVehicleEcho && len(told) <= vinLength {
			if at := d.vehicleWith(told); at > 0 {
				d.at(at).turn = d.turn
				s := t.span(from, to, VIN, scoreEcho, "conversation/echo")
				s.value = -int32(at)
				dst = append(dst, s)
			}
		}
	}
	return dst
}

const (
	minVehicleEcho = 5    // letters and digits that repeat a vehicle's number
	scoreEcho      = 0.97 // what stands in a value that was told is a part of it
)

// vehicle gives the value that the letters and digits belong to: one that has them, one that they complete, a new one.
func (d *dictation) vehicle(told []byte) int {
	if at := d.vehicleWith(told); at > 0 {
		return at
	}
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		at := (n-1)%maxDictated + 1
		v := d.at(at)
		if v.kind != VIN || v.whole || d.turn-v.turn > openTurns {
			continue
		}
		switch {
		case len(told) == vinLength && bytes.Contains(told, v.told()):
			v.set(told)
			return at
		case v.n+len(told) <= vinLength:
			v.append(told)
			return at
		}
	}
	return d.add(VIN, told)
}

// vehicleWith gives the latest vehicle's number that has the letters and digits, 0 if none has.
func (d *dictation) vehicleWith(told []byte) int {
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		at := (n-1)%maxDictated + 1
		if v := d.at(at); v.kind == VIN && bytes.Contains(v.told(), told) {
			return at
		}
	}
	return 0
}

func (d *dictation) knowsVehicle() bool {
	for i := range min(d.n, maxDictated) {
		if d.values[i].kind == VIN {
			return true
		}
	}
	return false
}

// vehiclePiece gives the tokens of the letters and digits around the digits at token i, not before token low.
func (t *Text) vehiclePiece(i, low int) (from, to int) {
	from = t.spelledStart(i, low)
	c := t.spelledAt(from)
	for from > low && t.glued(from) && t.isWord(from-1) {
		from--
	}
	if to = max(c.to, i+1); c.said {
		return from, to
	}
	for ; to < len(t.tok) && t.glued(to) && t.tok[to].kind < signToken; to++ {
	}
	return from, to
}

// appendVehicle appends the letters and digits from token i to byte end, written or said, in capital Latin letters.
func (t *Text) appendVehicle(dst []byte, i, end int) []byte {
	for i < len(t.tok) && int(t.tok[i].end) <= end && len(dst) <= vinLength {
		if letter, next := t.letterSaid(i); next > 0 {
			dst = append(dst, letter)
			i = next
			continue
		}
		if g := t.groupIndex(i); g >= 0 && int(t.numbers.groups[g].from) == i {
			group := &t.numbers.groups[g]
			dst = append(dst, t.numbers.digits[group.at:group.at+group.n]...)
			i = int(group.to)
			continue
		}
		if tok := &t.tok[i]; tok.kind == numberToken {
			dst = t.appendDigits(dst, tok)
		} else if t.isWord(i) && tok.vocab.Class == vocabulary.None && tok.n < vinLength {
			var c code
			t.collect(&c, tok)
			dst = append(dst, c.buf[:c.n]...)
		}
		i++
	}
	return dst
}
