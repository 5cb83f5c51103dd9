package rules

import (
	"fmt"

	"lintel/schema"
)

// noBackup tells of stores of record, databases and object stores that keep state, without a backup,
// or with one of which `tested: false` is stated. Replicas are no backup: a deletion reaches them all.
//
// It asks only in a design that states a backup somewhere. A store that holds the backup of another,
// and one that a store, a job or an external module is stated to recover, has what is asked for.
var noBackup = &Rule{
	ID: "REP006", Name: "no-backup", Severity: Warning,
	Summary: "A store of record has no backup, or one that was never tested.",
	Needs:   []string{"backup"},
	Sources: []Source{
		{"AWS Well-Architected, REL09: back up data, and test recovery", "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html"},
		{"GitLab, postmortem of the database outage of January 31, 2017", "https://about.gitlab.com/blog/2017/02/10/postmortem-of-database-outage-of-january-31/"},
	},
	Run: runNoBackup,
}

func runNoBackup(p *Pass) {
	stated := ""
	has := map[string]bool{} // holds a backup, or is recovered by something that may hold one
	for _, m := range p.Design.Modules {
		if m.Backup != nil {
			if stated == "" {
				stated = m.Name
			}
			if m.Backup.To.Name != m.Name {
				has[m.Backup.To.Name] = true
			}
		}
		if m.Kind.IsStore() || m.Kind == schema.Job || m.Kind == schema.External {
			for _, r := range m.Recovers {
				if r.Name != m.Name {
					has[r.Name] = true
				}
			}
		}
	}
	without, untested := 0, 0
	for _, m := range p.Design.Modules {
		if m.Kind != schema.Database && m.Kind != schema.ObjectStore || m.State != schema.Stateful {
			continue
		}
		switch {
		case m.Backup == nil && has[m.Name]:
		case m.Backup == nil && stated == "":
			without++
		case m.Backup == nil:
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Message:     fmt.Sprintf("%s has no backup, as %s has: a deletion or a bad write reaches every copy and cannot be undone", m.Name, stated),
				Location:    m.Pos,
				Suggestions: []string{"backup: {to: ..., every: \"24h\", tested: true}"},
			})
		case m.Backup.Tested == nil:
			untested++
		case !*m.Backup.Tested:
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Message:     fmt.Sprintf("the backup of %s was never tested: whether it can be restored is not known", m.Name),
				Location:    placeOfFirst(m, "backup.tested", "backup"),
				Suggestions: []string{"restore it somewhere, regularly and by machine, and state backup.tested: true"},
			})
		}
	}
	p.Unchecked(without, "backup")
	p.Unchecked(untested, "backup.tested")
}
