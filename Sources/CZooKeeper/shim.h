#pragma once
#include <zookeeper/zookeeper.h>

// The list that lets everybody do everything. Swift may not use the library's variable itself, because it could change.
static inline const struct ACL_vector *czookeeper_open_acl(void) { return &ZOO_OPEN_ACL_UNSAFE; }
