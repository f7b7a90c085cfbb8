/* room: the number of a home as people write it, made one key.  Room: value.
 *
 * One home is `1栋2单元301` in one ledger and `1#-2-0301` in the next.  The key has the parts
 * that are written, from the project down, with - between them and without their words:
 *
 *     1栋2单元301  1幢-2-301  1号楼二单元301室  1#2单元3层01  １－２－０３０１    1-2-301
 *     湖畔里-2幢-1单元-301  湖畔里2栋1单元301室                          湖畔里-2-1-301
 *     湖畔里一期A座1201                                                湖畔里-1期-A-1201
 *     车位B1-123  B1层123号车位  负一层123号车位                       车位-B1-123
 *
 * 栋 幢 座 号楼 # 楼 are one thing, so are 单元 门 梯; a floor (层) goes where the number of the
 * room says it, or into it (12层01 is 1201).  Leading zeros go, letters become large.  What
 * stands in front (a project, 西区) stays; of a bare number of a phase nothing is known but
 * its place.  A unit without a building keeps its word (2单元-301 is not 2-301).
 *
 * The key is of the text alone: the project is not added where it is not written.  The key
 * of a key is itself.
 *
 * A code of some system (letters, digits, - and _ that are no such number) is a key as it
 * stands, and so is a number alone.  Source of the forms: DOMAIN 4.7, and ledgers. */
#ifndef CRM_VALUE_ROOM_H
#define CRM_VALUE_ROOM_H

#include "base/buf.h"

enum room_result {
	ROOM_OK,
	ROOM_EMPTY,
	ROOM_BAD,       /* several rooms, a building without one, a note, a contradiction */
	ROOM_AMBIGUOUS, /* 3-12-01: the 12 may be a unit or a floor */
};
/* Stable words: ok empty bad_room ambiguous_room. */
const char *room_result_name(enum room_result result);

/* Appends the key, with ROOM_OK only. */
enum room_result room_parse(struct view cell, struct buf *out);

#endif
