package anonymize

// A hidden value is out of reach of package fmt and of encoders, also nested in unexported fields, where no String
// method helps: they follow one pointer to a struct when a verb does not fit, but never two.
type hidden[T any] struct{ p **T }

func hide[T any](v *T) hidden[T] { return hidden[T]{&v} }

func (h hidden[T]) get() *T { return *h.p }
