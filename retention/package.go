package retention

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// PackageClass is the class of export packages. The preset contract destroys them
// 10 days after they were made, whether or not anybody fetched them: a download that never comes
// stops no duty, only a hold does.
const PackageClass = "export_package"

// A Receipt proves that an export was made whole: it is written after the package was
// synced, read back, opened and compared. Without one export_then_delete destroys nothing.
type Receipt struct {
	Package string    `json:"package"` // id of the package
	Bytes   int64     `json:"bytes"`   // of the export, before sealing
	SHA256  string    `json:"sha256"`  // of the export, hexadecimal
	Made    time.Time `json:"made"`
}

// Packages is where exports go: a system of its own with a class and a duty of its own. Add Files
// to the stores of the executor, so that packages are destroyed in turn.
type Packages struct {
	Files *Files // required; keeps packages as records of PackageClass
	// Sealer seals packages. Nil is refused unless Unsealed says that the disk's own
	// protection is enough.
	Sealer   Sealer
	Unsealed bool
}

// maxPackage bounds one export: it is sealed in memory.
const maxPackage = 256 << 20

// Fetch returns an export for its owner, opened and compared with its receipt.
func (p *Packages) Fetch(ctx context.Context, r Receipt) ([]byte, error) {
	data, err := p.Files.read(r.Package)
	if err != nil {
		return nil, errors.New("retention: no such package")
	}
	if p.Sealer != nil {
		if data, err = p.Sealer.Open(ctx, nil, data, packageAD(r.Package)); err != nil {
			return nil, errors.New("retention: the package does not open")
		}
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != r.SHA256 || int64(len(data)) != r.Bytes {
		return nil, errors.New("retention: the package is not the one of the receipt")
	}
	return data, nil
}

func packageAD(id string) []byte { return []byte("vual retention package " + id) }

// make writes a package and reads it back. The same operation writes the same package.
func (p *Packages) make(ctx context.Context, s Store, item Item, now time.Time) (*Receipt, error) {
	if p.Sealer == nil && !p.Unsealed {
		return nil, errors.New("retention: packages: a Sealer is wanted")
	}
	var b bytes.Buffer
	if err := s.Export(ctx, item.Op, item.Class, item.ID, &limitedBuffer{&b}); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b.Bytes())
	r := &Receipt{Package: item.Op, Bytes: int64(b.Len()), SHA256: hex.EncodeToString(sum[:]), Made: now}
	data := b.Bytes()
	if p.Sealer != nil {
		var err error
		if data, err = p.Sealer.Seal(ctx, nil, data, packageAD(r.Package)); err != nil {
			return nil, err
		}
	}
	side := sidecar{Class: PackageClass, Subjects: item.Subjects, Facts: Facts{Created: now}}
	if err := p.Files.put(r.Package, side, data); err != nil {
		return nil, err
	}
	_, err := p.Fetch(ctx, *r)
	return r, err
}

type limitedBuffer struct{ b *bytes.Buffer }

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if l.b.Len()+len(p) > maxPackage {
		return 0, fmt.Errorf("retention: an export longer than %d bytes", maxPackage)
	}
	return l.b.Write(p)
}

// export makes the package of an operation, with a step in the journal before and the receipt after.
func (e *Executor) export(ctx context.Context, s Store, op *operation, item Item) (code string, err error) {
	if e.Packages == nil {
		e.tell(item, "no_packages", errors.New("retention: the executor has no Packages"))
		return "no_packages", nil
	}
	if err := e.write(ctx, entry{Op: item.Op, Step: stepExporting}); err != nil {
		return "", err
	}
	receipt, err := e.Packages.make(ctx, s, item, e.now())
	e.at()
	if err != nil {
		e.tell(item, "export", err)
		return "export", nil
	}
	return "", e.write(ctx, entry{Op: item.Op, Step: stepExported, Receipt: receipt})
}

// Receipt returns the receipt of an operation's export, nil if there is none.
func (e *Executor) Receipt(op string) *Receipt {
	if o := e.Journal.operation(op); o != nil && o.receipt != nil {
		r := *o.receipt
		return &r
	}
	return nil
}

func marshalSidecar(s sidecar) []byte {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // strings and times always marshal
	}
	return append(data, '\n')
}
