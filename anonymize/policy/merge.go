package policy

import (
	"maps"
	"strings"
)

// Merge puts documents on top of each other, such as a file on a preset. What a later one says of a single thing
// replaces what an earlier one said: a setting, a kind, a purpose, a region, a recognizer of the same name. Lists grow:
// allow, deny, roster, training, recognizers. A gateway's purpose and the bounds of patterns are single things.
func Merge(docs ...Document) (Document, error) {
	if len(docs) == 0 {
		return Document{}, &DocumentError{Reason: "no policy was named"}
	}
	out := docs[0]
	out.places = maps.Clone(out.places)
	for _, doc := range docs[1:] {
		if out.Version != doc.Version {
			return Document{}, doc.errorf("version", "two versions")
		}
		out.merge(&doc)
	}
	return out, nil
}

func (d *Document) merge(by *Document) {
	d.mergePlaces(by)
	d.Name += "+" + by.Name
	replace(&d.Description, by.Description)
	replace(&d.Labels, by.Labels)
	replace(&d.Strict, by.Strict)
	replace(&d.Places, by.Places)
	replace(&d.MinScore, by.MinScore)
	replace(&d.MaxEntities, by.MaxEntities)
	replace(&d.Patterns.TimeoutMS, by.Patterns.TimeoutMS)
	replace(&d.Patterns.OnTimeout, by.Patterns.OnTimeout)
	d.Kinds = over(d.Kinds, by.Kinds)
	d.Restore = over(d.Restore, by.Restore)
	d.Allow = concat(d.Allow, by.Allow)
	d.Roster = concat(d.Roster, by.Roster)
	deny := maps.Clone(d.Deny)
	for kind, texts := range by.Deny {
		deny = over(deny, map[string][]string{kind: concat(deny[kind], texts)})
	}
	d.Deny = deny
	d.mergeGateway(by.Gateway)
	d.mergeRecognizers(by)
}

func (d *Document) mergeGateway(by *Gateway) {
	if by == nil {
		return
	}
	var g Gateway
	if d.Gateway != nil {
		g = *d.Gateway
	}
	replace(&g.Purpose, by.Purpose)
	g.Regions = over(g.Regions, by.Regions)
	g.Training = concat(g.Training, by.Training)
	d.Gateway = &g
}

// mergeRecognizers puts a recognizer in the place of the earlier one of its name, or at the end.
func (d *Document) mergeRecognizers(by *Document) {
	own := map[string]int{}
	out := concat(d.Recognizers, nil)
	for i, r := range out {
		own[r.Name] = i
	}
	for i, r := range by.Recognizers {
		at, ok := own[r.Name]
		if !ok {
			at = len(out)
			out = append(out, r)
		}
		out[at] = r
		d.takePlaces(by, index("recognizers", i), index("recognizers", at))
	}
	d.Recognizers = out
}

// mergePlaces takes over where the keys of by stand, those of growing lists behind the list's end.
func (d *Document) mergePlaces(by *Document) {
	if d.places == nil {
		d.places = map[string]place{}
	}
	grown := map[string]int{"allow": len(d.Allow), "roster": len(d.Roster)}
	if d.Gateway != nil {
		grown["gateway.training"] = len(d.Gateway.Training)
	}
	for kind, texts := range d.Deny {
		grown[join("deny", kind)] = len(texts)
	}
	for path, p := range by.places {
		if !strings.HasPrefix(path, "recognizers[") {
			d.places[shifted(path, grown)] = p
		}
	}
}

// shifted counts an index of a list that grew on from its old end.
func shifted(path string, grown map[string]int) string {
	for list, n := range grown {
		rest, ok := strings.CutPrefix(path, list+"[")
		if !ok {
			continue
		}
		number, tail, _ := strings.Cut(rest, "]")
		i := 0
		for _, c := range number {
			i = i*10 + int(c-'0')
		}
		return index(list, i+n) + tail
	}
	return path
}

// takePlaces copies the places of one value and all in it.
func (d *Document) takePlaces(by *Document, from, to string) {
	for path, p := range by.places {
		if rest, ok := strings.CutPrefix(path, from); ok && (rest == "" || rest[0] == '.') {
			d.places[to+rest] = p
		}
	}
}

// replace sets what a later document says, unless it says nothing.
func replace[T comparable](dst *T, by T) {
	var nothing T
	if by != nothing {
		*dst = by
	}
}

func over[T any](m, by map[string]T) map[string]T {
	if m == nil {
		return by
	}
	m = maps.Clone(m)
	maps.Copy(m, by)
	return m
}

// concat never shares memory with a.
func concat[T any](a, b []T) []T {
	if len(a)+len(b) == 0 {
		return nil
	}
	return append(append(make([]T, 0, len(a)+len(b)), a...), b...)
}
