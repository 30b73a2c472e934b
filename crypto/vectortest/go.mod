module github.com/syntora/vual/crypto/vectortest

go 1.26.4

require (
	github.com/c2sp/wycheproof v0.0.0-20260902155932-3fa63dd0344a
	github.com/syntora/vual v0.0.0
)

require golang.org/x/text v0.43.0 // indirect

replace github.com/syntora/vual => ../..
