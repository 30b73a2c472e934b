module github.com/syntora/vual/bench

go 1.26.0

require (
	github.com/dlclark/regexp2/v2 v2.12.0
	github.com/hoophq/alcatraz v0.23.0
	github.com/syntora/vual v0.0.0
	github.com/wasilibs/go-re2 v1.13.0
	golang.org/x/sys v0.49.0
)

require (
	github.com/tink-crypto/tink-go/v2 v2.9.0
	golang.org/x/crypto v0.58.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

replace github.com/syntora/vual => ../
