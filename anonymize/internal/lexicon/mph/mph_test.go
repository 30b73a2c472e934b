package mph_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

func TestEveryKeyHasItsOwnSlot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.Uint64(), 0, 300, rapid.ID).Draw(t, "keys")
		table, values, err := mph.Build(keys, 5)
		require.NoError(t, err)
		small, _, err := mph.Build(keys, 1)
		require.NoError(t, err)
		for i := range keys {
			values[i][0], values[i][1] = byte(i), byte(i>>8)
		}
		for i, k := range keys {
			at, ok := mph.Find(string(table), 5, k)
			assert.True(t, ok)
			assert.Equal(t, i, int(table[at])|int(table[at+1])<<8)
			assert.True(t, mph.Has(string(small), k))
		}
	})
}

func TestForeignKeysAreNotFound(t *testing.T) {
	keys := make([]uint64, 20000)
	for i := range keys {
		keys[i] = uint64(i) << 5
	}
	table, _, err := mph.Build(keys, 3)
	require.NoError(t, err)
	small, _, err := mph.Build(keys, 1)
	require.NoError(t, err)
	forms, words := string(table), string(small)
	found := 0
	for i := range uint64(100000) {
		_, ok := mph.Find(forms, 3, i<<5|1)
		require.False(t, ok, i)
		if mph.Has(words, i<<5|1) {
			found++
		}
	}
	// One in 256, give or take.
	assert.InDelta(t, 100000/256, found, 120)
}

func TestBuildIsDeterministic(t *testing.T) {
	keys := []uint64{5, 3, 1 << 60, 77, 1 << 33, 8, 9, 10, 11, 12}
	a, _, err := mph.Build(keys, 3)
	require.NoError(t, err)
	b, _, err := mph.Build(slices.Clone(keys), 3)
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

func TestBuildRefusesEqualKeys(t *testing.T) {
	_, _, err := mph.Build([]uint64{1, 2, 1}, 3)
	assert.Error(t, err)
}
