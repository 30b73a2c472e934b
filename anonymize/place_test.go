package anonymize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPlaces(t *testing.T) {
	const text = "Мы из Казани, офис на улице Баумана. Доставка: Казань, улица Баумана, 5."
	assert.Equal(t, "Мы из Казани, офис на улице Баумана. Доставка: [[ADDRESS:Казань, улица Баумана, 5]].", Mark(text, New(nil).Find(text)))
	assert.Equal(t, "Мы из [[ADDRESS:Казани]], офис на [[ADDRESS:улице Баумана]]. Доставка: [[ADDRESS:Казань, улица Баумана, 5]].",
		Mark(text, New(&Options{Places: true}).Find(text)))
}

// What an attacker repeats costs no more than its length: were any loop over the parts of an address without a bound,
// these would take hours.
func TestHostileAddresses(t *testing.T) {
	for _, s := range []string{"ул ", "ул. ", "дом 5 ", "1-1-", "5/", "большая ", "москва, ", "г. Москва, ", "5 kv ", "12 Mill ", "Bath, ", "А. ", "«", "#",
		"50 лет ", "нижнее подчёркивание ", "а точка ", "собака а ", "иван собака яндекс точка ", "ключ 1 ", "вход со двора, "} {
		New(nil).Find(strings.Repeat(s, 1<<18/len(s)))
	}
}

func TestAddressesDoNotAllocate(t *testing.T) {
	var read Text
	dst := make([]Span, 0, 16)
	for _, text := range []string{
		"Доставка: г. Воронеж, ул. Лизюкова, д. 41, корп. 3, кв. 118, подъезд 4, этаж 7, домофон 118В.",
		"екатеринбург улица восьмого марта сто шестьдесят семь квартира девять",
		"моя почта эн точка козлова нижнее подчёркивание девяносто два собака джимейл точка ком",
		"Flat 12, 5 Baker Street, London NW1 6XE",
	} {
		assert.Zero(t, testing.AllocsPerRun(50, func() {
			read.read(text)
			read.readNumbers()
			read.places.begin(len(read.tok))
			dst = recognizeSpokenNames(recognizePlaces(recognizeContacts(dst[:0], &read), &read), &read)
		}), text)
		assert.NotEmpty(t, dst, text)
	}
}
