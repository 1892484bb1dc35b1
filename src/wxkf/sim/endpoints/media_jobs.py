"""Files that the platform fetches from a URL (platform.md 15): a job that ends by the clock.

Nothing is fetched. `Console.end_media_job` says how a job ends; without it every one ends well after a second.
"""

from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.values import Json
from wxkf.sim.world import MediaJob

_KINDS = ("video", "file")
_SECONDS = 1.0
_WORKING, _DONE, _FAILED = 1, 2, 3


@endpoint("POST", "media/upload_by_url")
def media_upload_by_url(call: Call) -> Json:
    """Begin to fetch a file; give the job's id."""
    fields = call.fields
    fields.number("scene", 1, 1, 1)
    kind = fields.text("type", required=True, missing=40005)
    if kind not in _KINDS:
        raise Refusal(40005, kind[:32])
    fields.text("filename", required=True, limit=128)
    url = fields.text("url", required=True, limit=1024, long=40039)
    fields.text("md5", required=True, limit=32)
    if not url.lower().startswith(("http://", "https://")):
        raise Refusal(45034)
    jobid = call.world.ids.word(40)
    call.corp.media_jobs[jobid] = MediaJob(kind, url, call.now + _SECONDS, 0)
    return {"jobid": jobid}


@endpoint("POST", "media/get_upload_by_url_result")
def media_get_upload_by_url_result(call: Call) -> Json:
    """Tell how a job is; a file that was fetched cannot be sent by customer service."""
    job = call.corp.media_jobs.get(call.fields.text("jobid", required=True, limit=128))
    if job is None:
        raise Refusal(40058, "no such job")
    if call.now < job.done_at:
        return {"status": _WORKING}
    if job.errcode:
        return {"status": _FAILED, "detail": {"errcode": job.errcode, "errmsg": "fetching failed"}}
    job.media_id = job.media_id or f"async{call.world.ids.word(55)}"  # no media_id of media/upload
    detail: Json = {"errcode": 0, "errmsg": "ok", "media_id": job.media_id, "created_at": str(int(job.done_at))}
    return {"status": _DONE, "detail": detail}
