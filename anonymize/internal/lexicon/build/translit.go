package build

import "strings"

// schemes are the ways in which Russians spell their names in Latin letters:
// passports since 2013 (ICAO 9303), passports before, BGN/PCGN, and what
// people write themselves. Each line gives the letters in which a scheme
// differs from the first.
var schemes = []string{
	"а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia",
	"й=y ъ= ю=yu я=ya ё=e",
	"й=y ъ= ю=yu я=ya ё=yo х=h щ=sch",
	"й=j ъ= ю=ju я=ja ё=jo х=h ц=c ж=j щ=sch",
	"й= ъ= ю=yu я=ya ё=e х=h щ=sch кс=x",
	"ий=y й=y ъ= ю=yu я=ya ё=e кс=x",
	"ия=ia й=y ю=yu я=ya ё=yo ъ= ья=ia ье=ie",
	"ь=i ья=ya й=y ю=yu я=ya ё=e",
}

// transliterations returns the spellings of a Russian name, each once.
func transliterations(name string) []string {
	var out []string
	seen := map[string]bool{}
	lower := strings.ToLower(name)
	for i := range schemes {
		pairs := func(scheme string) []string {
			var p []string
			for f := range strings.FieldsSeq(scheme) {
				from, to, _ := strings.Cut(f, "=")
				p = append(p, from, to)
			}
			return p
		}
		// The first of two equal patterns counts; longer ones stand first.
		own := pairs(schemes[i])
		latin := strings.NewReplacer(append(own, pairs(schemes[0])...)...).Replace(lower)
		if !seen[latin] {
			seen[latin] = true
			out = append(out, latin)
		}
	}
	return out
}
