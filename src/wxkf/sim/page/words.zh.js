// Chinese.

export const ZH = {
  tagline: "微信客服，装进盒子里", phone: "手机", desk: "接待台", journal: "调用日志", views: "视图", clock: "模拟时钟",
  forward_minute: "快进一分钟", forward_hour: "快进一小时", forward_window: "快进 48 小时", forward_by: "快进任意时长，如 20s、5m、3h、2d，按回车",
  forward_wrong: "请写成 20s、5m、3h 或 2d", theme: "切换深浅色", language: "Switch to English", other: "EN",
  failure: "没有成功：", cancel: "取消",

  // 手机
  back: "返回入口", chat_more: "更多操作", enter_again: "通过链接再次进入", block: "拒收此客服的消息", unblock: "恢复接收消息",
  change_person: "换一位顾客或客服账号", messages: "聊天记录", message: "消息", message_hint: "发消息…", send: "发送", attach: "图片、语音与更多",
  service: "微信客服", nickname: "我的昵称", enter: "进入会话", customers: "选择顾客", accounts: "选择客服账号",
  new_customer: "新顾客", new_account: "新账号", new_account_name: (n) => `客服账号 ${n}`, someone: "小明",
  enter_hint: "相当于在微信里打开客服链接，会触发 enter_session 事件。",
  entered: "你已进入会话", customer_entered: "顾客进入会话", yesterday: "昨天", recall: "撤回", recalled_mine: "你撤回了一条消息", recalled_theirs: "对方撤回了一条消息", edit_again: "重新编辑",
  customer_recalled: "顾客撤回了一条消息", staff_recalled: "接待人员撤回了一条消息", account_recalled: "客服撤回了一条消息",
  states: ["未处理", "智能助手接待中", "排队中", "人工接待中", "未开始 / 已结束"],
  sends: (n) => `还可回复 ${n} 条`, shut: "窗口未开", until: (t) => `${t} 前有效`, blocked: "已拒收",
  rung: "已回调", failed: "回调失败", pulled: "已拉取", sent: "已送达平台",

  // 消息
  picture_alt: "图片", video_alt: "视频", voice: "语音", no_player: "浏览器放不了这种语音（AMR），文件可以下载",
  kinds: {
    text: "文本", image: "图片", voice: "语音", video: "视频", file: "文件", location: "位置", link: "链接", business_card: "名片", miniprogram: "小程序",
    msgmenu: "菜单", channels_shop_product: "商品", channels_shop_order: "订单", merged_msg: "聊天记录", channels: "视频号", meeting: "会议",
    calendar: "日程", note: "笔记", ca_link: "获客链接",
  },
  voice_sample: "3 秒语音", voice_file: "语音文件", channels_types: ["", "视频号动态", "视频号直播", "视频号名片"],
  would_open: (what) => `手机上会打开小程序 ${what}`, personal_card: "个人名片", from_shop: "视频号小店", unknown: "（此类型按原文显示）",
  compose_hint: "字段名与平台一致，可随意修改。", expired_file: "文件已过期或不存在",

  // 接待台
  colleagues: "我是哪位接待人员", new_colleague: "添加接待人员", colleague_names: ["zhangsan", "lisi", "wangwu", "zhaoliu"],
  desk_nothing: "还没有接待人员。添加一位，就能在这里接入排队的顾客、回复、转接和结束会话。", desk_first: "让 zhangsan 上岗",
  on_duty: "接待中", off_duty: "已停止接待", go_off: "停止接待", go_on: "恢复接待",
  groups: ["待接入", "人工接待", "智能助手", "未开始或已结束"], more_rows: (n) => `还有 ${n} 位`,
  accept: "接入", transfer_to: "转接给…", end: "结束会话", reject: "拒收顾客消息", unreject: "恢复接收", enqueue: "放入排队池",
  staff_message: "以接待人员身份回复", staff_hint: (name) => `以 ${name} 的身份回复…`, with_whom: (name) => `由 ${name} 接待`,
  note_bot: "机器人正在接待。转人工通常由接口 service_state/trans 完成，也可以在这里直接放入排队池。",
  note_other: (name) => `由 ${name} 接待；你若发言，顾客会转到你这里。`, note_ended: "会话已结束；你若发言，会重新打开会话。",
  note_queue: "正在排队，接入后即可回复。", note_rejected: "已拒收这位顾客的消息。",

  // 日志
  live: "实时", lost: "重新连接中", paused: (n) => (n ? `已暂停，${n} 条新` : "已暂停"), filter: "筛选", calls: "接口调用", callbacks: "回调", actions: "操作",
  search: "按内容筛选", search_hint: "筛选…", pause: "暂停", resume: "继续", clear: "清空", copy: "复制", copied: "已复制",
  nothing: "还没有动静。进入会话，说句话，每一次回调和接口调用都会出现在这里。",
  request: "请求", response: "响应", decrypted: "回调明文", encrypted: "回调密文", waiting: "等待响应…",

  // 故障
  faults: "故障", faults_title: "让平台出点问题", faults_hint: "点一下开启，再点一下关闭。次数与概率作用于接下来点的故障。", faults_active: "正在生效的故障",
  fault_times: "次数", fault_path: "接口（调用类）", reset: "重置模拟世界", fault_chance: "概率", fault_seconds: "秒数", once: "1 次", thrice: "3 次", always: "一直", remove_fault: "关闭故障",
  fault_places: { call: "接口调用", callback: "回调", sync: "sync_msg", send: "发送" }, fault_left: (n) => `剩 ${n} 次`,
  fault_kinds: {
    busy: "系统繁忙 -1", refuse: "返回错误码", slow: "响应慢", http_500: "HTTP 500", cut_before: "处理前断开", cut_after: "处理后断开", token_revoked: "token 提前失效",
    callback_lost: "丢失", callback_duplicate: "重复", callback_late: "迟到", callback_reordered: "乱序",
    empty_page: "空页但 has_more", replayed_page: "重放上一页", short_page: "每页很短", bad_cursor: "cursor 被拒", send_fail: "异步发送失败",
  },
  fail_types: { 0: "未知", 1: "账号已删除", 2: "应用已关闭", 4: "超过 48 小时", 5: "会话已关闭", 6: "超过 5 条", 7: "未绑定视频号", 8: "主体未验证", 9: "未绑定且未验证", 10: "用户拒收", 11: "无成员登录", 12: "消息类型被禁", 13: "安全限制" },
};
