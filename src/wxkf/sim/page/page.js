// The page's beginning: each part draws the topics of store.js that it shows; live.js fills the store and follows.

import "/attach.js";
import "/desk.js";
import "/door.js";
import "/faults.js";
import "/journal.js";
import "/top.js";
import { listenWhileSeen } from "/live.js";
import { flush, touch } from "/store.js";
import { putWords } from "/words.js";

putWords();
touch("words", "tick");
flush();
setInterval(() => touch("tick"), 1000);
listenWhileSeen();
