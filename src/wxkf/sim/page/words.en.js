// English.

export const EN = {
  tagline: "WeChat Customer Service in a box", phone: "Phone", desk: "Staff desk", journal: "Journal", views: "Views", clock: "Simulated clock",
  forward_minute: "Forward one minute", forward_hour: "Forward one hour", forward_window: "Forward 48 hours", forward_by: "Forward by any time, such as 20s, 5m, 3h or 2d; press Enter",
  forward_wrong: "Write it as 20s, 5m, 3h or 2d", theme: "Light or dark", language: "切换到中文", other: "中",
  failure: "That did not work: ", cancel: "Cancel",

  // the phone
  back: "Back to the entrance", chat_more: "More", enter_again: "Enter through the link again", block: "Refuse this account's messages", unblock: "Take its messages again",
  change_person: "Another customer or account", messages: "Messages", message: "Message", message_hint: "Message…", send: "Send", attach: "Pictures, voice and more",
  service: "WeChat Customer Service", nickname: "My nickname", enter: "Enter the chat", customers: "Choose a customer", accounts: "Choose an account",
  new_customer: "New", new_account: "New account", new_account_name: (n) => `Account ${n}`, someone: "Ming",
  enter_hint: "Like opening the service link inside WeChat: it fires enter_session.",
  entered: "You entered the chat", customer_entered: "The customer entered the chat", yesterday: "Yesterday", recall: "Recall", recalled_mine: "You recalled a message", recalled_theirs: "A message was recalled", edit_again: "Edit again",
  customer_recalled: "The customer recalled a message", staff_recalled: "A colleague recalled a message", account_recalled: "The account recalled a message",
  states: ["new", "with the assistant", "queued", "with a person", "not begun / ended"],
  sends: (n) => `${n} ${n === 1 ? "reply" : "replies"} left`, shut: "window shut", until: (t) => `until ${t}`, blocked: "refused",
  rung: "callback", failed: "callback failed", pulled: "pulled", sent: "on the platform",

  // messages
  picture_alt: "Picture", video_alt: "Video", voice: "Voice", no_player: "Browsers cannot play this voice (AMR); its file can be saved",
  kinds: {
    text: "Text", image: "Picture", voice: "Voice", video: "Video", file: "File", location: "Location", link: "Link", business_card: "Card", miniprogram: "Mini program",
    msgmenu: "Menu", channels_shop_product: "Product", channels_shop_order: "Order", merged_msg: "Chat history", channels: "Channels", meeting: "Meeting",
    calendar: "Calendar", note: "Note", ca_link: "Acquisition link",
  },
  voice_sample: "3 s voice", voice_file: "Voice file", channels_types: ["", "Channels post", "Channels live", "Channels card"],
  would_open: (what) => `A phone would open the mini program ${what}`, personal_card: "Personal card", from_shop: "Channels shop", unknown: "(shown as it came)",
  compose_hint: "The fields have the platform's names; change them as you like.", expired_file: "This file is gone",

  // the desk
  colleagues: "Which colleague I am", new_colleague: "Add a colleague", colleague_names: ["zhangsan", "lisi", "wangwu", "zhaoliu"],
  desk_nothing: "Nobody serves yet. Add a colleague to take customers out of the queue, reply, transfer them and end sessions.", desk_first: "Put zhangsan on duty",
  on_duty: "serves", off_duty: "has stopped", go_off: "Off duty", go_on: "On duty",
  groups: ["Queue", "With people", "With the bot", "Not begun or ended"], more_rows: (n) => `${n} more`,
  accept: "Accept", transfer_to: "Transfer to…", end: "End session", reject: "Refuse this customer", unreject: "Take messages again", enqueue: "Put into the queue",
  staff_message: "Reply as a colleague", staff_hint: (name) => `Reply as ${name}…`, with_whom: (name) => `with ${name}`,
  note_bot: "The bot is serving. Its app hands over by service_state/trans; you can also put the customer into the queue here.",
  note_other: (name) => `${name} is serving; if you write, the customer comes to you.`, note_ended: "The session has ended; if you write, it opens again.",
  note_queue: "Waiting in the queue: accept to reply.", note_rejected: "You refuse this customer's messages.",

  // the journal
  live: "live", lost: "reconnecting", paused: (n) => (n ? `paused, ${n} new` : "paused"), filter: "Filter", calls: "Calls", callbacks: "Callbacks", actions: "Actions",
  search: "Filter by content", search_hint: "Filter…", pause: "Pause", resume: "Go on", clear: "Clear", copy: "Copy", copied: "Copied",
  nothing: "Nothing yet. Enter the chat and say something: every callback and every call will show up here.",
  request: "Request", response: "Response", decrypted: "Callback, decrypted", encrypted: "Callback, encrypted", waiting: "waiting…",

  // faults
  faults: "Faults", faults_title: "Let something go wrong", faults_hint: "One click switches a fault on, another off. Times and chance hold for the faults you click next.", faults_active: "Faults that strike now",
  fault_times: "Times", fault_path: "Path (calls)", reset: "Begin a new world", fault_chance: "Chance", fault_seconds: "Seconds", once: "once", thrice: "3 times", always: "always", remove_fault: "Remove fault",
  fault_places: { call: "Calls", callback: "Callbacks", sync: "sync_msg", send: "Sends" }, fault_left: (n) => `${n} left`,
  fault_kinds: {
    busy: "Busy, -1", refuse: "Refuse with errcode", slow: "Slow", http_500: "HTTP 500", cut_before: "Cut before acting", cut_after: "Cut after acting", token_revoked: "Token revoked",
    callback_lost: "Lost", callback_duplicate: "Twice", callback_late: "Late", callback_reordered: "Reordered",
    empty_page: "Empty page, has_more", replayed_page: "Page replayed", short_page: "Short pages", bad_cursor: "Cursor refused", send_fail: "Fails later",
  },
  fail_types: { 0: "unknown", 1: "account deleted", 2: "app closed", 4: "over 48 hours", 5: "session closed", 6: "over 5 messages", 7: "Channels not bound", 8: "not verified", 9: "neither bound nor verified", 10: "refused by the user", 11: "nobody logged in", 12: "type forbidden", 13: "security" },
};
