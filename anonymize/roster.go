package anonymize

import "context"

// enroll takes the participants that the caller knows. They keep their roles, and their names are found in every form.
func (s *session) enroll(ps []Participant) {
	for _, p := range ps {
		if q := s.rosterPerson(p.Name); q != nil {
			q.role, q.enrolled = p.Role, true
			q.origin = q.clone()
		}
	}
}

// rosterPerson gives the person with a name that is known to be one, whatever its words, and nil if it has none.
func (s *session) rosterPerson(text string) *person {
	t, p := s.a.text(), &s.m.people
	t.read(text)
	t.names.known, t.names.forced = nil, true
	t.readParts()
	m := mention{place: place{-1, 0}, text: text, weight: rosterWeight}
	var full fullName
	for k := 0; k < len(t.names.parts); {
		n, ok := t.nameAt(k)
		if !ok {
			k++
			continue
		}
		var part mention
		t.describe(&part, &n)
		m.merge(&part)
		p.learnName(t, &n)
		full.words = append(full.words, part.wording.fullName(text[t.tok[t.names.parts[n.from].from].start:]).words...)
		k = int(n.to)
	}
	t.names.forced = false
	s.a.release(t)
	if m.parts == 0 {
		return nil
	}
	m.weight = rosterWeight
	for _, q := range p.mayBe(&m, -1) {
		if q.match(&m) >= 2 && (q.enrolled || len(m.sur) > 0) {
			return q
		}
	}
	q := &person{at: len(p.persons)}
	q.add(&m)
	q.full, q.full.sex = full, m.sex
	q.seen, q.times, q.sex = nil, 0, m.sex
	p.persons = append(p.persons, q)
	return q
}

// named are the votes of a speaker whose name the caller gave.
const named = 10

// rosterWeight makes the name that the caller gave the fullest.
const rosterWeight = 100

// merge adds what another piece of the same name tells.
func (m *mention) merge(part *mention) {
	m.first, m.patr, m.sur = append(m.first, part.first...), append(m.patr, part.patr...), append(m.sur, part.sur...)
	m.initials = append(m.initials, part.initials...)
	if m.parts == 0 {
		m.sex, m.form = part.sex, part.form
	} else if sex := m.sex & part.sex; sex != 0 {
		m.sex = sex
	}
	m.parts += part.parts
}

// participantToken gives the label of a speaker who is named.
func (s *session) participantToken(ctx context.Context, name string) (string, error) {
	return s.tokenOf(ctx, s.speakerPerson(name))
}

// speakerPerson gives the person of a speaker who is named.
func (s *session) speakerPerson(name string) *person {
	p := &s.m.people
	i := p.speakerIndex(name)
	if q := p.speakers[i].self; q != nil {
		return q
	}
	q := s.rosterPerson(name)
	if q == nil {
		q = &person{value: name, at: len(p.persons)}
		p.persons = append(p.persons, q)
	}
	p.touchSpeaker(i)
	p.speakers[i].self, p.speakers[i].named = q, true
	if i < mostOfSlots {
		p.touch(q)
		was := *q
		q.slots[i] = named
		p.changed(q, &was)
	} else {
		p.touch(q)
	}
	q.origin = q.clone()
	return q
}
