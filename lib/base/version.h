/* version: what --version and --stats say.  Room: base. */
#ifndef CRM_BASE_VERSION_H
#define CRM_BASE_VERSION_H

#define CRM_VERSION "0.1.0"

#endif
