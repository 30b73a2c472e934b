package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Russian identifiers. The checks are those of the offices that issue the numbers.
const (
	INN            Kind = "INN"            // taxpayer, 10 digits of a company, 12 of a person
	KPP            Kind = "KPP"            // reason of registration of a taxpayer
	OGRN           Kind = "OGRN"           // state registration, 13 digits, 15 of a sole trader
	SNILS          Kind = "SNILS"          // pension insurance account
	OMS            Kind = "OMS"            // obligatory medical insurance policy
	BIK            Kind = "BIK"            // bank identification code
	BANK_ACCOUNT   Kind = "BANK_ACCOUNT"   // settlement or correspondent account
	PASSPORT       Kind = "PASSPORT"       // also of other countries; its issuer and the code of the division
	DRIVER_LICENSE Kind = "DRIVER_LICENSE" // also the vehicle's registration certificate
)

var identifiersRU = []identifier{
	{kind: INN, cue: vocabulary.INN, lengths: 1 << 10, check: inn10, bare: 0.5, cued: 0.75, rule: "inn/checksum-10"},
	{kind: INN, cue: vocabulary.INN, lengths: 1 << 12, check: inn12, bare: 0.62, cued: 0.75, rule: "inn/checksum-12"},
	{kind: KPP, cue: vocabulary.KPP, lengths: 1 << 9, cued: 0.8, rule: "kpp/cue"},
	{kind: OGRN, cue: vocabulary.OGRN, lengths: 1 << 13, check: ogrn, bare: 0.72, cued: 0.8, rule: "ogrn/checksum-13"},
	{kind: OGRN, cue: vocabulary.OGRN, lengths: 1 << 15, check: ogrnip, bare: 0.75, cued: 0.8, rule: "ogrn/checksum-15"},
	{kind: SNILS, cue: vocabulary.SNILS, lengths: 1 << 11, shape: []uint8{3, 3, 3, 2}, check: snils, bare: 0.55, shaped: 0.92, cued: 0.8, rule: "snils/checksum"},
	{kind: OMS, cue: vocabulary.OMS, lengths: 1 << 16, check: luhn, cued: 0.85, rule: "oms/cue"},
	{kind: BIK, cue: vocabulary.BIK, lengths: 1 << 9, check: bik, bare: 0.55, cued: 0.8, rule: "bik/structure"},
	{kind: BANK_ACCOUNT, cue: vocabulary.Account, lengths: 1 << 20, check: account, bare: 0.8, cued: 0.85, rule: "account/structure"},
	{kind: PASSPORT, cue: vocabulary.Passport, lengths: 1 << 10, shape: []uint8{2, 2, 6}, shaped: 0.62, cued: 0.8, rule: "passport/2-2-6"},
	{kind: PASSPORT, cue: vocabulary.Passport, lengths: 1 << 10, shape: []uint8{4, 6}, shaped: 0.56, cued: 0.8, rule: "passport/4-6"},
	{kind: PASSPORT, cue: vocabulary.Passport, lengths: 1 << 10, shape: []uint8{2, 2, 3, 3}, check: formYear, shaped: 0.53, cued: 0.8, rule: "passport/2-2-3-3"},
	{kind: PASSPORT, cue: vocabulary.Passport, lengths: 1 << 9, shape: []uint8{2, 7}, shaped: 0.52, cued: 0.75, rule: "passport/foreign-2-7"},
	{kind: PASSPORT, cue: vocabulary.Passport, lengths: 1<<4 | 1<<6, cued: 0.5, rule: "passport/part"},
	{kind: PASSPORT, cue: vocabulary.Division, lengths: 1 << 6, shape: []uint8{3, 3}, cued: 0.8, rule: "passport/division"},
	{kind: PASSPORT, cue: vocabulary.OTP, lengths: 1 << 6, shape: []uint8{3, 3}, cued: 0.6, rule: "passport/division"},
	{kind: DRIVER_LICENSE, cue: vocabulary.Licence, lengths: 1 << 10, shape: []uint8{2, 2, 6}, shaped: 0.55, cued: 0.8, rule: "driver-license/cue"},
	{kind: DRIVER_LICENSE, cue: vocabulary.Licence, lengths: 1 << 10, shape: []uint8{2, 2, 6}, check: newLicence, shaped: 0.7, cued: 0.8, rule: "driver-license/99"},
	{kind: DRIVER_LICENSE, cue: vocabulary.STS, lengths: 1 << 10, cued: 0.75, rule: "vehicle-certificate/cue"},
}

// formYear knows that digits 3 and 4 of a passport are the year of its form, which began in 1997.
func formYear(d []byte) check {
	year := remainder(d[2:4], 100)
	return verdict(year >= 97 || year <= 26)
}

// newLicence knows that licences given out since 2014 begin with 99 and the year of their form, which no passport does.
func newLicence(d []byte) check {
	return verdict(d[0] == '9' && d[1] == '9' && remainder(d[2:4], 100) <= 50)
}

// inn10 checks the last digit of a company's INN (order of the tax service MMV-7-6/435@, appendix).
func inn10(d []byte) check {
	return verdict(weighted(d, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == value(d[9]) && !uniform(d))
}

// inn12 checks the last two digits of a person's INN.
func inn12(d []byte) check {
	return verdict(weighted(d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == value(d[10]) &&
		weighted(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == value(d[11]) && !uniform(d))
}

// ogrn checks the remainder of the first twelve digits; the first tells the kind of record.
func ogrn(d []byte) check {
	return verdict((d[0] == '1' || d[0] == '5') && remainder(d[:12], 11)%10 == value(d[12]))
}

func ogrnip(d []byte) check {
	return verdict(d[0] == '3' && remainder(d[:14], 13)%10 == value(d[14]))
}

// snils checks the last two digits. Numbers up to 001-001-998 were given out without a check.
func snils(d []byte) check {
	sum := weighted(d, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100
	return verdict(sum == 10*value(d[9])+value(d[10]) && !uniform(d[:9]))
}

// bik knows the structure: country 04, region, and the number of the office in the last three digits.
func bik(d []byte) check {
	return verdict(d[0] == '0' && d[1] == '4')
}

// account knows the beginnings of the chart of accounts and the currency in digits 6 to 8 (Bank of Russia 809-P).
// With the BIK at hand accountKey proves more.
func account(d []byte) check {
	switch value(d[0])*10 + value(d[1]) {
	case 30, 40, 42, 45, 47, 32, 43, 44, 3, 20:
	default:
		return invalid
	}
	switch string(d[5:8]) {
	case "810", "643", "840", "978", "156", "398", "933", "756", "826", "392", "949", "051", "417", "860":
		return valid
	}
	return invalid
}

// maxBIKs is how many BIKs of one text an account is held against.
const maxBIKs = 16

// keyed reports whether the account fits the key of a BIK in the same text.
func (t *Text) keyed(account []byte) bool {
	for _, i := range t.numbers.biks {
		g := t.numbers.groups[i]
		if accountKey(account, t.numbers.digits[g.at:g.at+g.n]) {
			return true
		}
	}
	return false
}

// accountKey checks an account against the BIK of its bank (Bank of Russia, key of 08.09.1997 No. 515): weights
// 7, 1, 3 over three digits of the bank and the account. For a correspondent account, and for accounts in the
// Bank of Russia itself, the three are 0 and digits 5 and 6 of the BIK; for all others its last three.
func accountKey(account, bik []byte) bool {
	bank := [3]byte{bik[6], bik[7], bik[8]}
	if string(account[:3]) == "301" || bik[6] == '0' && bik[7] == '0' && bik[8] <= '2' {
		bank = [3]byte{'0', bik[4], bik[5]}
	}
	sum := 0
	for i, d := range bank {
		sum += value(d) * accountWeight(i) % 10
	}
	for i, d := range account {
		sum += value(d) * accountWeight(i+3) % 10
	}
	return sum%10 == 0
}

func accountWeight(i int) int {
	switch i % 3 {
	case 0:
		return 7
	case 1:
		return 1
	}
	return 3
}
