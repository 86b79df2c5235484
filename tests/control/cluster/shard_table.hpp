#pragma once
// What every event does in every state of a shard: state | event | state afterwards, "commands"
// where it may command then, and what the node does, in order. Held by shard_machine_test.cpp.

namespace busbar::control::cluster {

inline constexpr const char* shard_table = R"(
none | assigned | fencing: append_fence
none | revoked | none: release
none | lost | none
none | leave to another | none
none | leave, the last | none
none | name taken | none: end_process
none | own fence at 100 | none
none | fence of an earlier attempt | none
none | fence failed | none
none | own fence read | none
none | foreign fence before | none
none | foreign fence after | none
none | caught up to 99 | none
none | caught up to 100 | none
none | write acknowledged | none
none | write failed | none
none | heartbeat acknowledged | none
none | checkpoint written | none
none | clock | none
none | clock 3 s later | none
none | clock 4.5 s later | none

wanted | assigned | wanted
wanted | revoked | none: release
wanted | lost | none
wanted | leave to another | none: release
wanted | leave, the last | none: release
wanted | name taken | none: end_process
wanted | own fence at 100 | wanted
wanted | fence of an earlier attempt | wanted
wanted | fence failed | wanted
wanted | own fence read | wanted
wanted | foreign fence before | wanted
wanted | foreign fence after | wanted
wanted | caught up to 99 | wanted
wanted | caught up to 100 | wanted
wanted | write acknowledged | wanted
wanted | write failed | wanted
wanted | heartbeat acknowledged | fencing: append_fence
wanted | checkpoint written | wanted
wanted | clock | wanted
wanted | clock 3 s later | wanted
wanted | clock 4.5 s later | wanted

fencing | assigned | fencing
fencing | revoked | letting go
fencing | lost | none: purge
fencing | leave to another | letting go
fencing | leave, the last | letting go
fencing | name taken | none: purge, end_process
fencing | own fence at 100 | recovering: read_to_fence
fencing | fence of an earlier attempt | fencing
fencing | fence failed | wanted
fencing | own fence read | recovering: read_to_fence
fencing | foreign fence before | fencing
fencing | foreign fence after | fencing
fencing | caught up to 99 | fencing
fencing | caught up to 100 | fencing
fencing | write acknowledged | fencing
fencing | write failed | fencing
fencing | heartbeat acknowledged | fencing
fencing | checkpoint written | fencing
fencing | clock | fencing
fencing | clock 3 s later | fencing
fencing | clock 4.5 s later | fencing

recovering | assigned | recovering
recovering | revoked | none: forget, release
recovering | lost | none: purge, forget
recovering | leave to another | none: forget, release
recovering | leave, the last | none: forget, release
recovering | name taken | none: purge, forget, end_process
recovering | own fence at 100 | recovering
recovering | fence of an earlier attempt | recovering
recovering | fence failed | recovering
recovering | own fence read | recovering
recovering | foreign fence before | recovering
recovering | foreign fence after | wanted: purge, forget
recovering | caught up to 99 | recovering
recovering | caught up to 100 | owning commands: publish_ownership, plan_at_once
recovering | write acknowledged | recovering
recovering | write failed | recovering
recovering | heartbeat acknowledged | recovering
recovering | checkpoint written | recovering
recovering | clock | recovering
recovering | clock 3 s later | recovering
recovering | clock 4.5 s later | recovering

owning | assigned | owning commands
owning | revoked | letting go commands: write_checkpoint
owning | lost | none: stop_commanding, purge, forget
owning | leave to another | letting go commands: write_checkpoint
owning | leave, the last | letting go: stop_commanding, write_checkpoint
owning | name taken | none: stop_commanding, purge, forget, end_process
owning | own fence at 100 | owning commands
owning | fence of an earlier attempt | owning commands
owning | fence failed | owning commands
owning | own fence read | owning commands
owning | foreign fence before | owning commands
owning | foreign fence after | wanted: stop_commanding, purge, forget
owning | caught up to 99 | owning commands
owning | caught up to 100 | owning commands
owning | write acknowledged | owning commands
owning | write failed | owning: stop_commanding
owning | heartbeat acknowledged | owning commands
owning | checkpoint written | owning commands
owning | clock | owning commands
owning | clock 3 s later | owning commands
owning | clock 4.5 s later | owning: stop_commanding

letting go | assigned | owning commands
letting go | revoked | letting go commands
letting go | lost | none: stop_commanding, purge, forget
letting go | leave to another | letting go commands
letting go | leave, the last | letting go commands
letting go | name taken | none: stop_commanding, purge, forget, end_process
letting go | own fence at 100 | letting go commands
letting go | fence of an earlier attempt | letting go commands
letting go | fence failed | letting go commands
letting go | own fence read | letting go commands
letting go | foreign fence before | letting go commands
letting go | foreign fence after | none: stop_commanding, purge, forget, release
letting go | caught up to 99 | letting go commands
letting go | caught up to 100 | letting go commands
letting go | write acknowledged | letting go commands
letting go | write failed | letting go: stop_commanding
letting go | heartbeat acknowledged | letting go commands
letting go | checkpoint written | letting go commands: release
letting go | clock | letting go commands
letting go | clock 3 s later | none: stop_commanding, purge, forget, release
letting go | clock 4.5 s later | none: stop_commanding, purge, forget, release

owning, suspended | assigned | owning
owning, suspended | revoked | letting go: write_checkpoint
owning, suspended | lost | none: purge, forget
owning, suspended | leave to another | letting go: write_checkpoint
owning, suspended | leave, the last | letting go: write_checkpoint
owning, suspended | name taken | none: purge, forget, end_process
owning, suspended | own fence at 100 | owning
owning, suspended | fence of an earlier attempt | owning
owning, suspended | fence failed | owning
owning, suspended | own fence read | owning
owning, suspended | foreign fence before | owning
owning, suspended | foreign fence after | wanted: purge, forget
owning, suspended | caught up to 99 | owning
owning, suspended | caught up to 100 | owning
owning, suspended | write acknowledged | owning: read_to_end
owning, suspended | write failed | owning
owning, suspended | heartbeat acknowledged | owning: read_to_end
owning, suspended | checkpoint written | owning
owning, suspended | clock | owning
owning, suspended | clock 3 s later | owning
owning, suspended | clock 4.5 s later | owning

letting go, the last | assigned | letting go: release
letting go, the last | revoked | letting go
letting go, the last | lost | none: purge, forget
letting go, the last | leave to another | letting go
letting go, the last | leave, the last | letting go
letting go, the last | name taken | none: purge, forget, end_process
letting go, the last | own fence at 100 | letting go
letting go, the last | fence of an earlier attempt | letting go
letting go, the last | fence failed | letting go
letting go, the last | own fence read | letting go
letting go, the last | foreign fence before | letting go
letting go, the last | foreign fence after | none: purge, forget, release
letting go, the last | caught up to 99 | letting go
letting go, the last | caught up to 100 | letting go
letting go, the last | write acknowledged | letting go
letting go, the last | write failed | letting go
letting go, the last | heartbeat acknowledged | letting go
letting go, the last | checkpoint written | none: purge, forget, release
letting go, the last | clock | letting go
letting go, the last | clock 3 s later | none: purge, forget, release
letting go, the last | clock 4.5 s later | none: purge, forget, release

letting go, unfenced | assigned | fencing
letting go, unfenced | revoked | letting go
letting go, unfenced | lost | none: purge
letting go, unfenced | leave to another | letting go
letting go, unfenced | leave, the last | letting go
letting go, unfenced | name taken | none: purge, end_process
letting go, unfenced | own fence at 100 | none: purge, release
letting go, unfenced | fence of an earlier attempt | letting go
letting go, unfenced | fence failed | none: purge, release
letting go, unfenced | own fence read | none: purge, release
letting go, unfenced | foreign fence before | letting go
letting go, unfenced | foreign fence after | letting go
letting go, unfenced | caught up to 99 | letting go
letting go, unfenced | caught up to 100 | letting go
letting go, unfenced | write acknowledged | letting go
letting go, unfenced | write failed | letting go
letting go, unfenced | heartbeat acknowledged | letting go
letting go, unfenced | checkpoint written | letting go
letting go, unfenced | clock | letting go
letting go, unfenced | clock 3 s later | none: purge, release
letting go, unfenced | clock 4.5 s later | none: purge, release

ended | assigned | none
ended | revoked | none
ended | lost | none
ended | leave to another | none
ended | leave, the last | none
ended | name taken | none
ended | own fence at 100 | none
ended | fence of an earlier attempt | none
ended | fence failed | none
ended | own fence read | none
ended | foreign fence before | none
ended | foreign fence after | none
ended | caught up to 99 | none
ended | caught up to 100 | none
ended | write acknowledged | none
ended | write failed | none
ended | heartbeat acknowledged | none
ended | checkpoint written | none
ended | clock | none
ended | clock 3 s later | none
ended | clock 4.5 s later | none
)";

} // namespace busbar::control::cluster
