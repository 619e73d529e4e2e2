package demo

import (
	"fmt"
	"strings"
	"time"
)

// order is one of the shop's fixed orders. Days are counted from today, so that the shop never grows old.
type order struct {
	number, email, state      string
	ordered, shipped, arrives int // days from today
	late                      bool
	carrier, pickup           string // no pickup: to the door
	items                     []item
}

type item struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
}

// States of an order, in the way they follow each other.
const (
	received  = "received"
	roasting  = "roasting"
	packed    = "packed"
	shipped   = "shipped"
	delivered = "delivered"
)

// orders has one order for each thing that the bot can say about an order.
func orders() []order {
	return []order{
		{number: "10234", email: "marja@posti.example", state: shipped, ordered: -3, shipped: -2, arrives: 2,
			carrier: "Posti", pickup: "Postin automaatti, Prisma Kaleva", items: []item{{"Aamu 250 g", 2}, {"Arki 500 g", 1}}},
		{number: "10229", email: "sofia@mail.example", state: shipped, ordered: -2, shipped: -1, arrives: 1,
			carrier: "Matkahuolto", items: []item{{"Ilta 500 g", 2}}},
		{number: "10263", email: "hanna@posti.example", state: received, ordered: 0, arrives: 4,
			carrier: "Posti", pickup: "Posti, Tesoma", items: []item{{"Lepo 250 g", 1}, {"Arki 250 g", 1}}},
		{number: "10251", email: "olli@posti.example", state: roasting, ordered: -1, arrives: 3,
			carrier: "Matkahuolto", items: []item{{"Retki 250 g", 3}}},
		{number: "10257", email: "james@mail.example", state: packed, ordered: -1, arrives: 2,
			carrier: "Posti", pickup: "Postin automaatti, S-market Kaukajärvi", items: []item{{"Vieras 250 g", 1}}},
		{number: "10240", email: "linnea@post.example", state: delivered, ordered: -6, shipped: -5, arrives: -3,
			carrier: "Posti", pickup: "Posti, Ratina", items: []item{{"Käsimylly Kampi", 1}, {"Ilta 250 g", 1}}},
		{number: "10187", email: "ingrid@post.example", state: delivered, ordered: -12, shipped: -11, arrives: -9,
			carrier: "Matkahuolto", items: []item{{"Arki 500 g", 2}}},
		{number: "10198", email: "pekka@posti.example", state: shipped, ordered: -10, shipped: -9, arrives: -3, late: true,
			carrier: "Posti", pickup: "Posti, Hervanta", items: []item{{"Käsimylly Kampi", 1}}},
	}
}

// find gives the order only to who knows both its number and its e-mail address.
func find(number, email string) (order, bool) {
	for _, o := range orders() {
		if o.number == number && strings.EqualFold(o.email, strings.TrimSpace(email)) {
			return o, true
		}
	}
	return order{}, false
}

// orderView is the order as the look-up shows it. Dates are days of the shop, YYYY-MM-DD; shipped_on is null before
// the parcel has left. Words has the same days as each language says them within a sentence.
type orderView struct {
	Number    string              `json:"number"`
	State     string              `json:"state"`
	Late      bool                `json:"late"`
	OrderedOn string              `json:"ordered_on"`
	ShippedOn *string             `json:"shipped_on"`
	ArrivesOn string              `json:"arrives_on"`
	Carrier   string              `json:"carrier"`
	Pickup    string              `json:"pickup"`
	Items     []item              `json:"items"`
	Words     map[string]dayWords `json:"words"`
}

type dayWords struct {
	ShippedOn string `json:"shipped_on"`
	ArrivesOn string `json:"arrives_on"`
}

// view counts the order's days from now.
func (o order) view(now time.Time) orderView {
	arrives := now.AddDate(0, 0, o.arrives)
	if o.pickup == "" {
		arrives = notSunday(arrives, o.arrives)
	}
	v := orderView{
		Number: o.number, State: o.state, Late: o.late, Carrier: o.carrier, Pickup: o.pickup, Items: o.items,
		OrderedOn: now.AddDate(0, 0, o.ordered).Format(time.DateOnly),
		ArrivesOn: arrives.Format(time.DateOnly),
		Words:     map[string]dayWords{},
	}
	var left time.Time
	if o.state == shipped || o.state == delivered {
		left = workday(now.AddDate(0, 0, o.shipped))
		day := left.Format(time.DateOnly)
		v.ShippedOn = &day
	}
	for _, language := range []string{"fi", "sv", "en"} {
		w := dayWords{ArrivesOn: dayIn(language, arrives, now)}
		if !left.IsZero() {
			w.ShippedOn = dayIn(language, left, now)
		}
		v.Words[language] = w
	}
	return v
}

// notSunday moves a delivery to the door off Sunday, away from today.
func notSunday(day time.Time, way int) time.Time {
	if day.Weekday() != time.Sunday {
		return day
	}
	if way < 0 {
		return day.AddDate(0, 0, -1)
	}
	return day.AddDate(0, 0, 1)
}

// workday moves a day on which nothing leaves the roastery back to the Friday before it.
func workday(day time.Time) time.Time {
	switch day.Weekday() {
	case time.Saturday:
		return day.AddDate(0, 0, -1)
	case time.Sunday:
		return day.AddDate(0, 0, -2)
	}
	return day
}

// dayIn says a day as it stands in the middle of a sentence: “huomenna”, “maanantaina 23.11.”, “on Monday 23 November”.
func dayIn(language string, day, now time.Time) string {
	near := daysBetween(now, day)
	switch language {
	case "sv":
		if word, ok := map[int]string{-1: "i går", 0: "i dag", 1: "i morgon"}[near]; ok {
			return word
		}
		names := [...]string{"söndagen", "måndagen", "tisdagen", "onsdagen", "torsdagen", "fredagen", "lördagen"}
		months := [...]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}
		return fmt.Sprintf("%s den %d %s", names[day.Weekday()], day.Day(), months[day.Month()-1])
	case "en":
		if word, ok := map[int]string{-1: "yesterday", 0: "today", 1: "tomorrow"}[near]; ok {
			return word
		}
		return fmt.Sprintf("on %s %d %s", day.Weekday(), day.Day(), day.Month())
	default:
		if word, ok := map[int]string{-1: "eilen", 0: "tänään", 1: "huomenna"}[near]; ok {
			return word
		}
		names := [...]string{"sunnuntaina", "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina"}
		return fmt.Sprintf("%s %d.%d.", names[day.Weekday()], day.Day(), day.Month())
	}
}

// daysBetween counts midnights, whatever the clock and summer time do.
func daysBetween(from, to time.Time) int {
	midnight := func(t time.Time) time.Time {
		year, month, day := t.Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(to).Sub(midnight(from)).Hours() / 24)
}
