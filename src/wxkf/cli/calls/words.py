"""What the generated commands and their options are called, where the declarations do not say it themselves.

Each entry is English and Chinese; a test holds both tables against the tree, so nothing is missing and nothing stale.
"""

from collections.abc import Mapping
from typing import Final

Both = tuple[str, str]

NAMES: Final[Mapping[str, str]] = {
    "kf/get_statistic": "获取所有客服账号的汇总数据",
    "media/get_upload_by_url_result": "查询异步上传任务结果",
    "idconvert/open_kfid": "转换客服账号 ID",
    "idconvert/unionid_to_external_userid": "用 unionid 和 openid 查询客户 ID",
    "idconvert/convert_tmp_external_userid": "转换临时客户 ID",
    "idconvert/batch/external_userid_to_pending_id": "用客户 ID 换取 90 天有效的占位 ID",
    "externalcontact/get_new_external_userid": "转换客户 ID",
    "externalcontact/from_service_external_userid": "把服务商的客户 ID 转换为企业自己的",
    "batch/openuserid_to_userid": "把服务商的加密成员 ID 转换为企业自己的",
    "batch/userid_to_openuserid": "把成员 ID 转换为加密的",
    "corp/get_openid_migration": "查询 ID 升级状态",
    "service/get_provider_token": "获取服务商凭证",
    "service/get_suite_token": "获取第三方应用凭证",
    "service/get_pre_auth_code": "获取预授权码",
    "service/get_permanent_code": "获取企业永久授权码（旧接口）",
    "service/get_corp_token": "获取授权企业的 access_token",
    "service/corpid_to_opencorpid": "加密企业 ID",
    "service/finish_openid_migration": "声明企业的 ID 升级完成，不可撤回",
    "service/v2/get_permanent_code": "获取企业永久授权码",
    "": "调用任意接口，包括 wxkf 还不认识的",
}
"""Chinese names of calls whose docstrings hold none."""

TITLES: Final[Mapping[str, str]] = {
    "kf/get_corp_statistic": "Draw an account's figures (获取「客户数据统计」企业汇总数据)",
    "kf/get_servicer_statistic": "Draw a servicer's figures, or of all together (获取「客户数据统计」接待人员明细数据)",
    "kf/get_statistic": "Draw the figures of all accounts; for component apps (微信客服组件) only",
}
"""English names of commands that do more than one call."""

FIELDS: Final[Mapping[str, Both]] = {
    "answers": ("The answer: words, JSON or @file.json.", "答案：文字、JSON 或 @文件.json。"),
    "auth_code": ("The authorisation code.", "临时授权码。"),
    "auth_corpid": ("Id of the corp that authorised.", "授权企业的 ID。"),
    "body": ("The fields as JSON, @file.json, or - for standard input.", "JSON 参数，或 @文件.json，或 - 读标准输入。"),
    "business_type": ("What the ids belong to.", "ID 所属的业务类型。"),
    "chat_id": ("Id of a group chat.", "客户群 ID。"),
    "code": ("The event's one-time code.", "事件给出的一次性 code。"),
    "content_type": ("Media type; by the file's kind if left out.", "媒体类型；不填则按文件类型。"),
    "corpid": ("Id of the corp.", "企业 ID。"),
    "corpsecret": ("The app's secret.", "应用的 Secret。"),
    "cursor": ("Where to go on: the next_cursor of the page before.", "从何处继续：上一页的 next_cursor。"),
    "department_id_list": ("Ids of departments.", "部门 ID。"),
    "end": ("The last byte wanted.", "最后一个字节的位置。"),
    "external_userid": ("The customer, wm….", "客户 ID，wm…。"),
    "external_userid_list": ("The customers, wm….", "客户 ID，wm…。"),
    "filename": ("The name the customer will see.", "客户看到的文件名。"),
    "group_id": ("Id of a group of questions.", "知识库分组 ID。"),
    "groupchat": ('The group: {"chat_id": …, "wording": …}.', '客户群：{"chat_id": …, "wording": …}。'),
    "intent_id": ("Id of a question.", "问答 ID。"),
    "jobid": ("Id of the job, from upload-by-url.", "任务 ID，由 upload-by-url 得到。"),
    "limit": ("How many a page.", "每页数量。"),
    "md5": ("The file's MD5.", "文件的 MD5。"),
    "media": ("The file, or - for standard input.", "文件，或 - 读标准输入。"),
    "media_id": ("Id of an uploaded file; it lives 3 days.", "素材 ID，3 天有效。"),
    "member": ('The member: {"userid": …, "wording": …}.', '专员：{"userid": …, "wording": …}。'),
    "message": (
        "Words; or a message as JSON, @file.json, or - for standard input.",
        "文字；或 JSON 消息、@文件.json、- 读标准输入。",
    ),
    "msgid": ("An id of your own; with it a send is repeated safely.", "自定的消息 ID；有它才能安全重发。"),
    "name": ("The name.", "名称。"),
    "need_enter_session_context": ("1 adds how the customer came in.", "填 1 则返回客户进入会话的场景。"),
    "offset": ("Where to begin, from 0.", "起始位置，从 0 开始。"),
    "open_kfid": ("The account, wk….", "客服账号 ID，wk…。"),
    "open_kfid_list": ("The accounts, wk….", "客服账号 ID，wk…。"),
    "open_userid_list": ("Encrypted ids of members.", "加密的成员 ID。"),
    "openid": ("The customer's openid.", "客户的 openid。"),
    "openid_type": ("Kinds of ids.", "ID 类型。"),
    "path": ("The path, e.g. kf/account/list.", "接口路径，例如 kf/account/list。"),
    "permanent_code": ("The permanent code.", "永久授权码。"),
    "provider_access_token": ("The provider's token.", "服务商的 access_token。"),
    "provider_secret": ("The provider's secret.", "服务商的 Secret。"),
    "question": ("The question: words, JSON or @file.json.", "问题：文字、JSON 或 @文件.json。"),
    "scene": ("Comes back when the customer enters.", "客户进入会话时会带回。"),
    "service_state": ("The new state.", "新的会话状态。"),
    "servicer_userid": ("The servicer's userid.", "接待人员的 userid。"),
    "similar_questions": ("Other ways to put it: words, JSON or @file.json.", "相似问法：文字、JSON 或 @文件.json。"),
    "source_agentid": ("Id of the app the ids came from.", "ID 来源应用的 agentid。"),
    "start": ("The first byte wanted, from 0.", "第一个字节的位置，从 0 开始。"),
    "subject_type": ("Whose the openid is.", "openid 所属的主体。"),
    "suite_access_token": ("The suite's token.", "第三方应用的 suite_access_token。"),
    "suite_id": ("Id of the suite.", "第三方应用 ID。"),
    "suite_secret": ("The suite's secret.", "第三方应用的 Secret。"),
    "suite_ticket": ("The latest suite_ticket.", "最近推送的 suite_ticket。"),
    "tmp_external_userid_list": ("Temporary ids of customers.", "临时客户 ID。"),
    "token": ("The callback's token, valid 10 minutes.", "回调给出的 Token，10 分钟有效。"),
    "touser": ("The customer, wm….", "客户 ID，wm…。"),
    "type": ("The kind.", "类型。"),
    "unionid": ("The customer's unionid.", "客户的 unionid。"),
    "url": ("Address of the file.", "文件的地址。"),
    "user_type": ("What kind of users they are.", "用户的类型。"),
    "userid_list": ("userids of members.", "成员的 userid。"),
    "verb": ("The HTTP verb.", "HTTP 方法。"),
    "voice_format": ("Format of voices.", "语音格式。"),
}
"""Fields, wherever they occur."""

OF_ONE: Final[Mapping[tuple[str, str], Both]] = {
    ("kf/customer/upgrade_service", "type"): ("Whom to hand the customer to.", "升级为哪种服务。"),
    ("media/upload_by_url", "scene"): ("What for: 1, welcome words.", "用途：1，欢迎语。"),
    ("idconvert/batch/external_userid_to_pending_id", "external_userid"): ("The customers, wm….", "客户 ID，wm…。"),
}
"""Fields that mean something else in one call."""


def field(path: str, name: str) -> Both:
    """Say what a field of a call is."""
    return OF_ONE.get((path, name)) or FIELDS[name]
