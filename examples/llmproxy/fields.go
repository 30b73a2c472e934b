package main

import "strings"

// A field says what one place of a request may hold and what happens to it. A request with anything at a place that no
// row names is refused; there is a test line for every row in testdata/fields.txt.
//
// In a path [] stands for each element. null is allowed everywhere: clients write it for what they leave out.
type field struct {
	path  string
	rule  rule
	words []string // of a word: which; of a text: who says it, if no role does
}

// A rule is what happens to a value.
type rule uint8

const (
	none     rule = iota
	text          // a text: personal data in it is masked
	embedded      // JSON inside a string, or in its own right: each value in it is masked, and each key
	free          // any JSON: each value in it is masked, and each key
	speaker       // the name of a participant: masked, and without spaces
	name          // the name of a model or function: refused if it holds personal data
	alias         // an id that means something to the client alone: the provider gets a pseudonym of it
	word          // one of the words of the row
	toggle        // true or false
	off           // false: what it would switch on keeps the request at the provider
	empty         // an empty list
	count         // a whole number of up to six digits; strict mode hides longer ones as it does in a text
	fraction      // a number, rounded to six digits
	prose         // in an answer: a text that is no JSON even if the answer is
	report        // in an answer: a message of the provider's own, which is masked
)

var (
	efforts = []string{"none", "minimal", "low", "medium", "high", "xhigh"}
	levels  = []string{"low", "medium", "high"}
	formats = []string{"text", "json_object", "json_schema"}
	tiers   = []string{"auto", "default", "flex", "priority"}
)

// An endpoint is one path of the API.
type endpoint struct {
	path   string
	fields []field
	answer []field // what is restored in the answer, and in an event of its stream
	event  []field
}

var endpoints = []endpoint{
	{"/v1/chat/completions", chatFields, chatAnswer, chatEvent},
	{"/v1/responses", responsesFields, responsesAnswer, responsesEvent},
	{"/v1/embeddings", embeddingsFields, nil, nil},
}

var chatFields = []field{
	{"model", name, nil},
	{"messages[].role", word, []string{"system", "developer", "user", "assistant", "tool", "function"}},
	{"messages[].content", text, nil},
	{"messages[].content[].type", word, []string{"text", "refusal"}},
	{"messages[].content[].text", text, nil},
	{"messages[].content[].refusal", text, nil},
	{"messages[].refusal", text, nil},
	{"messages[].reasoning_content", text, nil},
	{"messages[].name", speaker, nil},
	{"messages[].tool_call_id", alias, nil},
	{"messages[].tool_calls[].id", alias, nil},
	{"messages[].tool_calls[].index", count, nil},
	{"messages[].tool_calls[].type", word, []string{"function"}},
	{"messages[].tool_calls[].function.name", name, nil},
	{"messages[].tool_calls[].function.arguments", embedded, nil},
	{"messages[].function_call.name", name, nil},
	{"messages[].function_call.arguments", embedded, nil},
	{"messages[].annotations", empty, nil},
	{"messages[].audio", empty, nil},
	{"tools[].type", word, []string{"function"}},
	{"tools[].function.name", name, nil},
	{"tools[].function.description", text, nil},
	{"tools[].function.parameters", free, nil},
	{"tools[].function.strict", toggle, nil},
	{"tool_choice", word, []string{"none", "auto", "required"}},
	{"tool_choice.type", word, []string{"function"}},
	{"tool_choice.function.name", name, nil},
	{"parallel_tool_calls", toggle, nil},
	{"functions[].name", name, nil},
	{"functions[].description", text, nil},
	{"functions[].parameters", free, nil},
	{"function_call", word, []string{"none", "auto"}},
	{"function_call.name", name, nil},
	{"response_format.type", word, formats},
	{"response_format.json_schema.name", name, nil},
	{"response_format.json_schema.description", text, nil},
	{"response_format.json_schema.schema", free, nil},
	{"response_format.json_schema.strict", toggle, nil},
	{"prediction.type", word, []string{"content"}},
	{"prediction.content", text, nil},
	{"prediction.content[].type", word, []string{"text"}},
	{"prediction.content[].text", text, nil},
	{"stop", text, nil},
	{"stop[]", text, nil},
	{"temperature", fraction, nil},
	{"top_p", fraction, nil},
	{"top_k", count, nil},
	{"presence_penalty", fraction, nil},
	{"frequency_penalty", fraction, nil},
	{"repetition_penalty", fraction, nil},
	{"max_tokens", count, nil},
	{"max_completion_tokens", count, nil},
	{"n", count, nil},
	{"seed", count, nil},
	{"logprobs", toggle, nil},
	{"top_logprobs", count, nil},
	{"reasoning_effort", word, efforts},
	{"verbosity", word, levels},
	{"modalities[]", word, []string{"text"}},
	{"service_tier", word, tiers},
	{"stream", toggle, nil},
	{"stream_options.include_usage", toggle, nil},
	{"stream_options.include_obfuscation", toggle, nil},
	{"user", alias, nil},
	{"safety_identifier", alias, nil},
	{"prompt_cache_key", alias, nil},
	{"metadata", free, nil},
	{"store", off, nil},
}

var responsesFields = []field{
	{"model", name, nil},
	{"instructions", text, nil},
	{"input", text, []string{"user"}},
	{"input[].type", word, []string{"message", "function_call", "function_call_output", "reasoning"}},
	{"input[].role", word, []string{"system", "developer", "user", "assistant"}},
	{"input[].content", text, nil},
	{"input[].content[].type", word, []string{"input_text", "output_text", "refusal", "reasoning_text"}},
	{"input[].content[].text", text, nil},
	{"input[].content[].refusal", text, nil},
	{"input[].content[].annotations", empty, nil},
	{"input[].content[].logprobs", empty, nil},
	{"input[].summary[].type", word, []string{"summary_text"}},
	{"input[].summary[].text", text, nil},
	{"input[].encrypted_content", empty, nil},
	{"input[].id", alias, nil},
	{"input[].call_id", alias, nil},
	{"input[].status", word, []string{"completed", "incomplete", "in_progress"}},
	{"input[].name", name, nil},
	{"input[].arguments", embedded, nil},
	{"input[].output", text, nil},
	{"input[].output[].type", word, []string{"input_text"}},
	{"input[].output[].text", text, nil},
	{"tools[].type", word, []string{"function"}},
	{"tools[].name", name, nil},
	{"tools[].description", text, nil},
	{"tools[].parameters", free, nil},
	{"tools[].strict", toggle, nil},
	{"tool_choice", word, []string{"none", "auto", "required"}},
	{"tool_choice.type", word, []string{"function"}},
	{"tool_choice.name", name, nil},
	{"parallel_tool_calls", toggle, nil},
	{"max_tool_calls", count, nil},
	{"max_output_tokens", count, nil},
	{"text.format.type", word, formats},
	{"text.format.name", name, nil},
	{"text.format.description", text, nil},
	{"text.format.schema", free, nil},
	{"text.format.strict", toggle, nil},
	{"text.verbosity", word, levels},
	{"reasoning.effort", word, efforts},
	{"reasoning.summary", word, []string{"auto", "concise", "detailed"}},
	{"include[]", word, []string{"message.output_text.logprobs"}},
	{"temperature", fraction, nil},
	{"top_p", fraction, nil},
	{"top_logprobs", count, nil},
	{"truncation", word, []string{"auto", "disabled"}},
	{"service_tier", word, tiers},
	{"stream", toggle, nil},
	{"stream_options.include_obfuscation", toggle, nil},
	{"user", alias, nil},
	{"safety_identifier", alias, nil},
	{"prompt_cache_key", alias, nil},
	{"metadata", free, nil},
	{"store", off, nil},
	{"background", off, nil},
}

var embeddingsFields = []field{
	{"model", name, nil},
	{"input", text, nil},
	{"input[]", text, nil},
	{"encoding_format", word, []string{"float", "base64"}},
	{"dimensions", count, nil},
	{"user", alias, nil},
}

// What is restored in an answer: text and prose are for people and applications to read, embedded is arguments of tool
// calls. All else of an answer passes with its labels as they are.
var chatAnswer = []field{
	{"error.message", report, nil},
	{"choices[].message.content", text, nil},
	{"choices[].message.refusal", prose, nil},
	{"choices[].message.reasoning_content", prose, nil},
	{"choices[].message.tool_calls[].function.arguments", embedded, nil},
	{"choices[].message.function_call.arguments", embedded, nil},
}

var chatEvent = []field{
	{"error.message", report, nil},
	{"error.param", report, nil},
	{"choices[].delta.content", text, nil},
	{"choices[].delta.refusal", prose, nil},
	{"choices[].delta.reasoning_content", prose, nil},
	{"choices[].delta.tool_calls[].function.arguments", embedded, nil},
	{"choices[].delta.function_call.arguments", embedded, nil},
}

var responsesAnswer = []field{
	{"error.message", report, nil},
	{"output[].content[].text", text, nil},
	{"output[].content[].refusal", prose, nil},
	{"output[].summary[].text", prose, nil},
	{"output[].arguments", embedded, nil},
}

// What comes whole in an event of a response. What comes in pieces is in responsesPieces.
var responsesEvent = []field{
	{"message", report, nil},
	{"param", report, nil},
	{"response.error.message", report, nil},
	{"text", text, nil},
	{"refusal", prose, nil},
	{"arguments", embedded, nil},
	{"part.text", text, nil},
	{"part.refusal", prose, nil},
	{"item.content[].text", text, nil},
	{"item.content[].refusal", prose, nil},
	{"item.summary[].text", prose, nil},
	{"item.arguments", embedded, nil},
	{"response.output[].content[].text", text, nil},
	{"response.output[].content[].refusal", prose, nil},
	{"response.output[].summary[].text", prose, nil},
	{"response.output[].arguments", embedded, nil},
}

// A node is a place of the tree that the rows of a table make.
type node struct {
	rule  rule
	words []string
	keys  map[string]*node // of an object
	each  *node            // element of an array
}

// tree joins the rows of a table.
func tree(fields []field) *node {
	root := &node{}
	for _, f := range fields {
		n := root
		for step := range strings.SplitSeq(strings.ReplaceAll(f.path, "[]", ".[]"), ".") {
			n = n.step(step)
		}
		n.rule, n.words = f.rule, f.words
	}
	return root
}

func (n *node) step(name string) *node {
	if name == "[]" {
		if n.each == nil {
			n.each = &node{}
		}
		return n.each
	}
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	if n.keys[name] == nil {
		n.keys[name] = &node{}
	}
	return n.keys[name]
}
