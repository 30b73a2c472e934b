package main

import (
	"context"
	"time"
)

// An Analyst says how a sale went. It gets masked text only, so that it may be a language model of somebody else: the
// values never reach it.
type Analyst interface {
	Analyse(ctx context.Context, speech []Speech) (Analysis, error)
}

// A Speech is one masked turn.
type Speech struct {
	Turn     int
	Side     Side
	Text     string
	Duration time.Duration // zero where the file has no times
}

// A Side is whom a speaker talks for.
type Side string

const (
	AgentSide    Side = "agent"
	CustomerSide Side = "customer"
	OtherSide    Side = ""
)

// An Analysis is the answer of an analyst. Its texts are quotations of masked text.
type Analysis struct {
	Objections []Objection `json:"objections"`
	NextStep   *Finding    `json:"next_step"` // nil if none was agreed
	Talk       Talk        `json:"talk"`
}

// An Objection is a reason against buying that the customer names, and what the agent says to it.
type Objection struct {
	Finding
	Answer *Finding `json:"answer"` // nil if none was recognized
}

// A Finding is a place of the conversation and what it shows.
type Finding struct {
	Turn  int    `json:"turn"` // from 0
	What  string `json:"what"`
	Quote string `json:"quote"`
}

// A Talk is how much of the talking each side did, 0 to 1.
type Talk struct {
	Agent    float64 `json:"agent"`
	Customer float64 `json:"customer"`
	By       string  `json:"by"` // "time" or "length" of the text
}
