#pragma once
#include <libpq-fe.h>

// Character literals in macros are not imported.
static const int clibpq_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int clibpq_diag_position = PG_DIAG_STATEMENT_POSITION;
