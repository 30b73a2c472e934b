module github.com/syntora/vual

go 1.26.0
