package main

import "github.com/syntora/vual/anonymize"

// in gives the words of the report and of the summary in the language of the labels. What it has no word for stays.
func in(language anonymize.Language) func(string) string {
	return func(s string) string {
		if word, ok := russian[s]; ok && language == anonymize.Russian {
			return word
		}
		return s
	}
}

var russian = map[string]string{
	"Conversations without personal data": "Разговоры без персональных данных",
	"Every phone, card, document number, address and name that was found is replaced by a label. The same label is the same value throughout a conversation. No value is in this file.": "Каждый найденный телефон, номер карты и документа, адрес и имя заменены меткой. Одна метка в разговоре всегда значит одно и то же. Самих данных в этом файле нет.",
	"conversations":                  "разговоров",
	"turns":                          "реплик",
	"values masked":                  "значений скрыто",
	"of":                             "из",
	"objections with a known answer": "возражений с ответом",
	"agreed on a next step":          "договорились о следующем шаге",
	"Not read":                       "Не прочитано",
	"What was masked":                "Что скрыто",
	"Overview":                       "Обзор",
	"Conversation":                   "Разговор",
	"Masked":                         "Скрыто",
	"Who talks":                      "Кто говорит",
	"Objections":                     "Возражения",
	"Next step":                      "Следующий шаг",
	"Agent":                          "Сотрудник",
	"agent":                          "сотрудник",
	"customer":                       "клиент",
	"Conversations":                  "Разговоры",
	"Answered with":                  "Ответ",
	"No answer recognized.":          "Ответ не распознан.",
	"None found.":                    "Не найдены.",
	"None agreed.":                   "Не назначен.",
	"Who talks, by":                  "Кто говорит, доля",
	"time":                           "времени",
	"length":                         "текста",
	"To silence the recording":       "Заглушить в записи",
	"people":                         "люди",
	"contacts":                       "контакты",
	"addresses":                      "адреса",
	"payment":                        "оплата",
	"documents":                      "документы",
	"passwords and codes":            "пароли и коды",
	"devices and cars":               "устройства и машины",
	"price":                          "цена",
	"has a supplier":                 "есть поставщик",
	"needs to consult":               "нужно посоветоваться",
	"wants to think":                 "хочет подумать",
	"no time":                        "нет времени",
	"no trust":                       "нет доверия",
	"no need":                        "не нужно",
	"an instalment plan":             "рассрочка",
	"a discount or a gift":           "скидка или подарок",
	"a trial":                        "проба",
	"proof":                          "доказательство",
	"the value":                      "ценность",
	"another offer":                  "другое предложение",
	"a question":                     "вопрос",
	"sympathy":                       "сочувствие",
	"a meeting":                      "встреча",
	"a call":                         "звонок",
	"a contract":                     "договор",
	"a delivery":                     "доставка",
	"a payment":                      "оплата",
	"CONVERSATION\tFORMAT\tTURNS\tMASKED\tAGENT TALKS\tOBJECTIONS\tNEXT STEP": "РАЗГОВОР\tФОРМАТ\tРЕПЛИК\tСКРЫТО\tГОВОРИТ СОТРУДНИК\tВОЗРАЖЕНИЯ\tСЛЕДУЮЩИЙ ШАГ",
	"%d conversations, %d values masked. Report: %s":                          "Разговоров: %d, скрыто значений: %d. Отчёт: %s",
}
