package lexicon

import "testing"

func TestCut(t *testing.T) {
	endings := Endings{'й' - 'а': "скей ой ей й", 'и' - 'а': "иями ами ями ии и", 'у' - 'а': "у"}
	tests := []struct {
		word string
		most int
		want int
	}{
		{"новой", 5, 2},
		{"май", 3, 1},
		{"синей", 5, 2},
		{"майкопскей", 9, 4}, // the first that fits, not the shortest
		{"майкопскей", 3, 2}, // nor one that is too long
		{"скей", 4, 4},
		{"линиями", 7, 4},
		{"ами", 3, 3},
		{"ми", 2, 1},
		{"ии", 1, 1},
		{"ии", 0, 0},
		{"коту", 4, 1},
		{"кот", 3, 0},
		{"ПЕРЕОСВИДЕТЕЛЬСТВОВАНИЯМИ", 9, 4}, // a key of the last six letters
	}
	for _, test := range tests {
		if got := endings.Cut(Key(test.word), test.most); got != test.want {
			t.Errorf("%s, %d: %d, want %d", test.word, test.most, got, test.want)
		}
	}
}
