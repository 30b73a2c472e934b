package retention

import (
	"slices"
	"time"
)

// Facts tells when things happened to a record. A name that is absent, or the zero
// time, means "has not happened".
type Facts map[string]time.Time

// The facts that every policy knows.
const (
	Created             = "created"
	ServiceStarted      = "service_started"
	ServiceTerminated   = "service_terminated"
	SubscriptionStarted = "subscription_started"
	SubscriptionEnded   = "subscription_ended"
	SyncCycleFinished   = "sync_cycle_finished"
	Destroyed           = "destroyed"

	ClientDeletionRequested      = "client_deletion_requested"
	SyncHistoryOptedOut          = "sync_history_opted_out"
	ConsentWithdrawn             = "consent_withdrawn"
	PurposeAchieved              = "purpose_achieved"
	StopProcessingDemandReceived = "stop_processing_demand_received"
	SubjectRequestReceived       = "subject_request_received"
	SubjectProvedUnlawful        = "subject_proved_data_unlawful_or_unneeded"
	SubjectProvedInaccurate      = "subject_proved_data_inaccurate"
	AuthorityRequestReceived     = "authority_request_received"
	InaccuracyConfirmed          = "inaccuracy_confirmed"
	UnlawfulProcessingDetected   = "unlawful_processing_detected"
	DestructionImpossibleInTerm  = "destruction_impossible_in_term"
	ExtensionNoticeSent          = "extension_notice_sent"

	IncidentDetected  = "incident_detected"
	IncidentConfirmed = "incident_confirmed"

	// What discharges a duty to notify.
	SubjectAnswered   = "subject_answered"
	AuthorityAnswered = "authority_answered"
	DataCorrected     = "data_corrected"
	ProcessingStopped = "processing_stopped"
	AuthorityNotified = "authority_notified"
	AuthorityReported = "authority_reported"
	ClientNotified    = "client_notified"
	ClientConfirmed   = "client_confirmed"
)

var standardFacts = [...]string{
	AuthorityAnswered, AuthorityNotified, AuthorityReported, AuthorityRequestReceived,
	ClientConfirmed, ClientDeletionRequested, ClientNotified, ConsentWithdrawn, Created,
	DataCorrected, Destroyed, DestructionImpossibleInTerm, ExtensionNoticeSent, InaccuracyConfirmed,
	IncidentConfirmed, IncidentDetected, ProcessingStopped, PurposeAchieved, ServiceStarted,
	ServiceTerminated, StopProcessingDemandReceived, SubjectAnswered, SubjectProvedInaccurate,
	SubjectProvedUnlawful, SubjectRequestReceived, SubscriptionEnded, SubscriptionStarted,
	SyncCycleFinished, SyncHistoryOptedOut, UnlawfulProcessingDetected,
}

// StandardFacts lists, sorted, the names that every policy knows. Others must be declared in
// [Document.Facts], so that a misspelt name is an error and not a duty that never begins.
func StandardFacts() []string { return slices.Clone(standardFacts[:]) }

func standardFact(name string) bool {
	_, ok := slices.BinarySearch(standardFacts[:], name)
	return ok
}

// happened returns the time of a fact and whether it is known.
func (f Facts) happened(name string) (time.Time, bool) {
	t := f[name]
	return t, !t.IsZero()
}
