package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A shade is a colour by day and by night: the file follows the reader's setting.
type shade struct {
	name       string
	day, night color.RGBA
}

var (
	paper  = shade{"paper", rgb(0xffffff), rgb(0x0d1117)}
	ink    = shade{"ink", rgb(0x1f2328), rgb(0xf0f6fc)}
	faint  = shade{"faint", rgb(0x59636e), rgb(0x9198a1)}
	grid   = shade{"grid", rgb(0xd8dee4), rgb(0x30363d)}
	ownBar = shade{"own", rgb(0x0969da), rgb(0x4493f8)}
	bar    = shade{"bar", rgb(0x9aa4af), rgb(0x656c76)}
	seen   = shade{"seen", rgb(0xcf222e), rgb(0xf85149)}

	shades = []shade{paper, ink, faint, grid, ownBar, bar, seen}
)

func rgb(c uint32) color.RGBA {
	return color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 0xff}
}

// A sheet is a drawing with the origin at its upper left corner.
type sheet struct {
	c             draw.Canvas
	svg           *vgsvg.Canvas
	width, height vg.Length
}

func newSheet(width, height vg.Length) *sheet {
	svg := vgsvg.New(width, height)
	s := &sheet{c: draw.New(svg), svg: svg, width: width, height: height}
	s.rect(0, 0, width, height, paper)
	return s
}

func (s *sheet) rect(x, y, w, h vg.Length, fill shade) {
	top := s.height - y
	s.c.FillPolygon(fill.day, []vg.Point{{X: x, Y: top}, {X: x + w, Y: top}, {X: x + w, Y: top - h}, {X: x, Y: top - h}})
}

func (s *sheet) line(x1, y1, x2, y2 vg.Length, of shade) {
	s.c.StrokeLine2(draw.LineStyle{Color: of.day, Width: vg.Points(0.7)}, x1, s.height-y1, x2, s.height-y2)
}

// style is that of text; align 0 begins, -0.5 centres, -1 ends at the point.
func style(size float64, of shade, bold bool, align float64) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)}
	if bold {
		f.Weight = 2 // golang.org/x/image/font.WeightBold
	}
	return text.Style{Color: of.day, Font: f, XAlign: text.XAlignment(align), YAlign: text.YCenter, Handler: plot.DefaultTextHandler}
}

func (s *sheet) text(x, y vg.Length, txt string, st text.Style) {
	s.c.FillText(st, vg.Point{X: x, Y: s.height - y}, txt)
}

// save writes the drawing with both sets of colours.
func (s *sheet) save(name string) error {
	var b bytes.Buffer
	if _, err := s.svg.WriteTo(&b); err != nil {
		return err
	}
	svg := b.String()
	svg = strings.ReplaceAll(svg, "font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif") // all of one width
	var day, night strings.Builder
	for _, c := range shades {
		hex := fmt.Sprintf("#%02X%02X%02X", c.day.R, c.day.G, c.day.B)
		for _, property := range []string{"fill", "stroke"} {
			// Programs that know no variables keep the first of the two.
			svg = strings.ReplaceAll(svg, property+":"+hex, fmt.Sprintf("%s:%s;%s:var(--%s)", property, hex, property, c.name))
		}
		fmt.Fprintf(&day, "--%s:%s;", c.name, hex)
		fmt.Fprintf(&night, "--%s:#%02X%02X%02X;", c.name, c.night.R, c.night.G, c.night.B)
	}
	sheetStyle := fmt.Sprintf("<style>:root{%s}@media(prefers-color-scheme:dark){:root{%s}}</style>\n", &day, &night)
	at := strings.Index(svg, "<g ")
	if at < 0 {
		return fmt.Errorf("an SVG without a group")
	}
	return os.WriteFile(name, []byte(svg[:at]+sheetStyle+svg[at:]), 0o644)
}

// drawMasks draws speed beside what is left visible, a row for each candidate, the fastest first.
func drawMasks(o *options, results maskResults, all []candidate, at time.Time) error {
	var rows []string
	for _, c := range all {
		if c.find != nil || c.findAll != nil {
			rows = append(rows, c.name)
		}
	}
	slices.SortStableFunc(rows, func(a, b string) int {
		return int(math.Copysign(1, results.get("ru/transcripts", b).rate-results.get("ru/transcripts", a).rate))
	})
	const rowHeight, top, names, bars, room, third = 21, 84, 122, 100, 46, 74
	const panel = 2*(bars+room) + third
	s := newSheet(vg.Points(names+2*panel+10), vg.Points(top+rowHeight*float64(len(rows))+52))
	s.text(vg.Points(14), vg.Points(20), "Speed, and what is left visible", style(14, ink, true, 0))
	s.text(vg.Points(14), vg.Points(38), "Masking transcripts of calls with personal data, one thread. Speed on a logarithmic scale. Shares of letters and digits: "+
		"of personal values left visible, of the rest masked too much.", style(9, faint, false, 0))
	for i, name := range rows {
		s.text(vg.Points(14), vg.Points(top+rowHeight*(float64(i)+0.5)), name, style(10, ink, strings.HasPrefix(name, "vual"), 0))
	}
	for i, lang := range []struct{ code, name string }{{"ru", "Russian"}, {"en", "English"}} {
		x := float64(names + panel*i)
		s.text(vg.Points(x), vg.Points(58), lang.name, style(11, ink, true, 0))
		for offset, head := range map[float64]string{0: "MB/s", bars + room: "left visible", 2 * (bars + room): "too much"} {
			s.text(vg.Points(x+offset), vg.Points(74), head, style(9, faint, false, 0))
		}
		drawColumn(s, x, top, bars, rowHeight, rows, func(name string) (float64, string, shade) {
			speed := results.get(lang.code+"/transcripts", name).rate / 1e6
			of := bar
			if strings.HasPrefix(name, "vual") {
				of = ownBar
			}
			return math.Log10(max(speed, 0.01)/0.01) / 5, rate(speed * 1e6), of // 10 KB/s to 1 GB/s
		})
		drawColumn(s, x+bars+room, top, bars, rowHeight, rows, func(name string) (float64, string, shade) {
			leak := results.get(lang.code+"/transcripts", name).leak
			return leak, percent(leak), seen
		})
		for j, name := range rows {
			over := results.get(lang.code+"/transcripts/clean", name).over
			s.text(vg.Points(x+2*(bars+room)), vg.Points(top+rowHeight*(float64(j)+0.5)), percent(over), style(9, ink, false, 0))
		}
	}
	s.text(vg.Points(14), s.height-vg.Points(30), "vual: each text by itself · session: turn by turn, with labels · conversation: all turns seen first · regexp, regexp2, go-re2, ripgrep: one list of twenty patterns", style(8.5, faint, false, 0))
	s.text(vg.Points(14), s.height-vg.Points(14), fmt.Sprintf("%s · %s · %s · commit %s · sentences of this project's own making",
		at.UTC().Format("2006-01-02"), cpuName(), runtime.Version(), commit()), style(8.5, faint, false, 0))
	return s.save(filepath.Join(o.results, at.UTC().Format("2006-01-02")+".svg"))
}

// drawColumn draws a bar for each row: a share of the width, with its figure after it.
func drawColumn(s *sheet, x, top, width, rowHeight float64, rows []string, of func(name string) (float64, string, shade)) {
	s.line(vg.Points(x), vg.Points(top-4), vg.Points(x), vg.Points(top+rowHeight*float64(len(rows))), grid)
	for i, name := range rows {
		share, figure, fill := of(name)
		y := top + rowHeight*float64(i)
		length := max(width*min(max(share, 0), 1), 0.7)
		s.rect(vg.Points(x), vg.Points(y+4), vg.Points(length), vg.Points(rowHeight-8), fill)
		s.text(vg.Points(x+length+4), vg.Points(y+rowHeight/2), figure, style(9, ink, false, 0))
	}
}

// drawGrowth draws time above memory, a column for each thing that grows, all scales logarithmic.
func drawGrowth(o *options, all []growth) error {
	const width, height, top = 205, 165, 54
	s := newSheet(vg.Points(width*float64(len(all))+16), vg.Points(top+2*height+10))
	s.text(vg.Points(14), vg.Points(18), "What grows with size", style(14, ink, true, 0))
	s.text(vg.Points(14), vg.Points(36), "Above seconds, below the peak of the heap in MB, from 0.01 on; all scales are logarithmic. The grey line is linear.", style(9, faint, false, 0))
	plots := make([][]*plot.Plot, 2)
	for _, g := range all {
		for row, of := range []func(growthPoint) float64{
			func(p growthPoint) float64 { return p.took.Seconds() },
			func(p growthPoint) float64 { return max(p.memory, 1e4) / 1e6 },
		} {
			points := make(plotter.XYs, len(g.points))
			for j, p := range g.points {
				points[j] = plotter.XY{X: float64(p.n), Y: of(p)}
			}
			p, err := growthPlot(g, points, row == 0)
			if err != nil {
				return err
			}
			plots[row] = append(plots[row], p)
		}
	}
	area := draw.Canvas{Canvas: s.c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: vg.Points(10), Y: vg.Points(8)}, Max: vg.Point{X: s.width - vg.Points(14), Y: s.height - vg.Points(top)},
	}}
	tiles := draw.Tiles{Rows: 2, Cols: len(all), PadX: vg.Points(14), PadY: vg.Points(8)}
	for row, canvases := range plot.Align(plots, tiles, area) {
		for col, c := range canvases {
			plots[row][col].Draw(c)
		}
	}
	return s.save(filepath.Join(o.results, "growth.svg"))
}

func growthPlot(g growth, points plotter.XYs, guide bool) (*plot.Plot, error) {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	if guide {
		p.Title.Text = g.name
	}
	p.Title.TextStyle = style(10, ink, true, -0.5)
	p.Title.Padding = vg.Points(4)
	p.X.Label.Text = g.unit
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale, axis.Tick.Marker = plot.LogScale{}, decades{}
		axis.Color, axis.Tick.Color = faint.day, faint.day
		label, tick := axis.Label.TextStyle, axis.Tick.Label
		axis.Label.TextStyle, axis.Tick.Label = style(9, faint, false, float64(label.XAlign)), style(8, faint, false, float64(tick.XAlign))
		axis.Label.TextStyle.YAlign, axis.Tick.Label.YAlign = label.YAlign, tick.YAlign
	}
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return nil, err
	}
	line.Color, line.Width = ownBar.day, vg.Points(1.6)
	dots.Color, dots.Shape, dots.Radius = ownBar.day, draw.CircleGlyph{}, vg.Points(2.2)
	if guide { // a linear line through the last point
		last := points[len(points)-1]
		linear, err := plotter.NewLine(plotter.XYs{{X: points[0].X, Y: last.Y * points[0].X / last.X}, last})
		if err != nil {
			return nil, err
		}
		linear.Color, linear.Width = bar.day, vg.Points(0.8)
		p.Add(linear)
	}
	p.Add(line, dots)
	return p, nil
}

// decades marks every power of ten, and names every second one where there are many.
type decades struct{}

func (decades) Ticks(low, high float64) []plot.Tick {
	from, to := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	var out []plot.Tick
	for e := from; e <= to; e++ {
		tick := plot.Tick{Value: math.Pow(10, float64(e))}
		if tick.Value < low*0.999 || tick.Value > high*1.001 {
			continue
		}
		if to-from <= 5 || (e-from)%2 == 0 {
			tick.Label = powerName(e)
		}
		out = append(out, tick)
	}
	return out
}

func powerName(e int) string {
	switch {
	case e >= 9:
		return fmt.Sprintf("%dG", int(math.Pow(10, float64(e-9))))
	case e >= 6:
		return fmt.Sprintf("%dM", int(math.Pow(10, float64(e-6))))
	case e >= 3:
		return fmt.Sprintf("%dk", int(math.Pow(10, float64(e-3))))
	case e >= 0:
		return fmt.Sprint(int(math.Pow(10, float64(e))))
	}
	return fmt.Sprintf("%.*f", -e, math.Pow(10, float64(e)))
}
