// Package baseline keeps the findings that a team knows of and has not mended yet, so that only new ones fail.
package baseline
