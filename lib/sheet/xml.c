/* xml: see xml.h. */
#include "sheet/xml.h"

#include <expat.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"

enum { CHUNK = 64 * 1024, DEPTH_MOST = 200, MEMORY_MOST = 64 * 1024 * 1024 };

struct xml {
	XML_Parser parser;
	struct xml_calls calls;
	void *arg;
	struct sheet_problem *problem;
	unsigned depth;
	bool paused, stopped, ended;
	size_t memory;
};

/* Global: expat's calls for memory do not say for which parser.  Set around every call of it. */
static _Thread_local struct xml *current;

/* A tag is kept until it ends, every name for ever: a document could take all there is.  Expat
 * gives up where it gets nothing. */
static void *memory_resize(void *old, size_t size)
{
	size_t had = old ? malloc_usable_size(old) : 0;
	void *new = size <= MEMORY_MOST && current->memory - had <= MEMORY_MOST - size ? realloc(old, size) : NULL;
	if (new)
		current->memory = current->memory - had + malloc_usable_size(new);
	return new;
}

static void *memory_alloc(size_t size)
{
	return memory_resize(NULL, size);
}

static void memory_free(void *old)
{
	if (old)
		current->memory -= malloc_usable_size(old);
	free(old);
}

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local(*attributes), name) == 0)
			return attributes[1];
	return NULL;
}

void xml_stop(struct xml *xml)
{
	xml->stopped = true;
	XML_StopParser(xml->parser, XML_FALSE);
}

void xml_pause(struct xml *xml)
{
	if (!xml->paused && !xml->stopped && XML_StopParser(xml->parser, XML_TRUE) == XML_STATUS_OK)
		xml->paused = true;
}

/* A call left a problem, or wants no more. */
static bool is_over(struct xml *xml)
{
	if (!xml->stopped && xml->problem->message)
		xml_stop(xml);
	return xml->stopped;
}

static void on_open(void *arg, const char *name, const char **attributes)
{
	struct xml *xml = arg;
	if (is_over(xml))
		return;
	if (++xml->depth > DEPTH_MOST) {
		problem_input(xml->problem, TRANSLATED("more than 200 elements inside each other: refused"));
		xml_stop(xml);
		return;
	}
	xml->calls.open(xml->arg, xml->depth, local(name), attributes);
}

static void on_close(void *arg, const char *name)
{
	struct xml *xml = arg;
	if (!is_over(xml))
		xml->calls.close(xml->arg, xml->depth--, local(name));
}

static void on_text(void *arg, const char *text, int len)
{
	struct xml *xml = arg;
	if (!is_over(xml))
		xml->calls.text(xml->arg, view(text, (size_t)len));
}

static void on_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
	struct xml *xml = arg;
	(void)name, (void)system, (void)public, (void)internal;
	problem_input(xml->problem, TRANSLATED("XML with a DTD, as no spreadsheet writes it: refused"));
	xml_stop(xml);
}

struct xml *xml_new(const struct xml_calls *calls, void *arg, bool utf8, struct sheet_problem *problem)
{
	static const XML_Memory_Handling_Suite memory = { memory_alloc, memory_resize, memory_free };
	struct xml *xml = heap_alloc(sizeof *xml);
	unsigned long salt = 0;
	*xml = (struct xml){ .calls = *calls, .arg = arg, .problem = problem };
	current = xml;
	xml->parser = XML_ParserCreate_MM(utf8 ? "UTF-8" : NULL, &memory, NULL);
	if (!xml->parser)
		die_memory();
	if (getrandom(&salt, sizeof salt, 0) == (ssize_t)sizeof salt)
		XML_SetHashSalt(xml->parser, salt);
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_open, on_close);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	return xml;
}

void xml_free(struct xml *xml)
{
	if (!xml)
		return;
	current = xml;
	XML_ParserFree(xml->parser);
	free(xml);
}

static enum XML_Status read_on(struct xml *xml)
{
	void *to = XML_GetBuffer(xml->parser, CHUNK);
	if (!to)
		return XML_STATUS_ERROR;
	size_t n = xml->calls.read(xml->calls.state, to, CHUNK);
	if (xml->problem->message)
		return XML_STATUS_ERROR;
	xml->ended = n == 0;
	return XML_ParseBuffer(xml->parser, (int)n, xml->ended);
}

bool xml_run(struct xml *xml)
{
	while (!xml->stopped && !xml->problem->message) {
		bool resumed = xml->paused;
		xml->paused = false;
		if (xml->ended && !resumed)
			return false;
		current = xml;
		enum XML_Status status = resumed ? XML_ResumeParser(xml->parser) : read_on(xml);
		if (status == XML_STATUS_ERROR && !xml->stopped)
			problem_input(xml->problem, XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY ?
				TRANSLATED("XML that takes 64 MiB to read (a tag without end, names without number): refused") :
				TRANSLATED("damaged or cut short: its XML is not well-formed"));
		if (xml->paused && !xml->problem->message)
			return true;
	}
	return false;
}
