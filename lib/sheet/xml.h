/* xml: a document that comes in pieces, as calls of its elements.  Room: sheet.  The one place
 * that knows expat.
 *
 * Refused: a DTD (and with it every entity of one's own), more than 200 elements inside each
 * other, what takes expat more than 64 MiB (a tag of 16 MiB, a million names of elements: it
 * keeps them all), anything that is not well-formed.  The
 * seed of its hash tables is random.  Names stand without the prefix of their namespace: which
 * element is meant is told by where it stands. */
#ifndef CRM_SHEET_XML_H
#define CRM_SHEET_XML_H

#include "base/view.h"
#include "sheet/problem.h"

struct xml;

struct xml_calls {
	/* `depth` counts from 1; `attributes` are name, value, ..., NULL. */
	void (*open)(void *arg, unsigned depth, const char *name, const char **attributes);
	void (*close)(void *arg, unsigned depth, const char *name);
	/* A piece of text: one text may come in several. */
	void (*text)(void *arg, struct view text);
	/* Where the document comes from: 0 at its end or with a problem. */
	size_t (*read)(void *state, char *to, size_t room);
	void *state;
};

/* `calls` is copied; `utf8`: the bytes are UTF-8 whatever the document says. */
struct xml *xml_new(const struct xml_calls *calls, void *arg, bool utf8, struct sheet_problem *problem);
void xml_free(struct xml *xml);

/* Reads on until xml_pause() was called or the document ends; false at its end or with a
 * problem. */
bool xml_run(struct xml *xml);
/* From within a call: xml_run() returns soon, and goes on here when it is called again. */
void xml_pause(struct xml *xml);
/* From within a call: nothing more is wanted, because of a problem or not. */
void xml_stop(struct xml *xml);

/* The value of an attribute; NULL where it is absent.  Prefixes do not count. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
