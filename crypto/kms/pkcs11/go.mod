module github.com/syntora/vual/crypto/kms/pkcs11

go 1.26.0

require (
	github.com/miekg/pkcs11 v1.1.2
	github.com/syntora/vual v0.0.0
)

