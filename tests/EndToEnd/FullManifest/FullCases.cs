namespace OpsAgent.Tests.EndToEnd.FullManifest;

/// <summary>What the facility's other types ask for, by its contract; one that goes well and one that does not for each.</summary>
internal static class FullCases
{
    private const string Scripts = "{root}/scripts/";
    private const string Manage = "{root}/src/manage.py";
    private const string Why = "ERROR: the script says why";

    public static IReadOnlyList<FullCase> All { get; } =
    [
        .. Both(
            new("evgen_rucio_update", """{"created_by":"wen"}""", $"{Scripts}import_evgen_rucio.py", "--apply"),
            """{"msg_type":"evgen_rucio_ready","ok":true}""", $$"""{"msg_type":"evgen_rucio_ready","ok":false,"error":"{{Why}}"}""",
            """{"action":"evgen_sweep","username":"wen","sublevel":"high","live_default":true}"""),
        .. Both(
            new("catalog_import", """{"source":"epic-prod","created_by":"wen"}""", $"{Scripts}pcs-catalog-import.py", "epic-prod") { Prints = "one\n12 rows\n" },
            """{"msg_type":"catalog_import_ready","source":"epic-prod","ok":true,"summary":"12 rows"}""",
            $$"""{"msg_type":"catalog_import_ready","source":"epic-prod","ok":false,"error":"{{Why}}"}""",
            """{"action":"catalog_import","username":"wen","sublevel":"high","live_default":true,"source":"epic-prod","summary":"12 rows"}"""),
        .. Both(
            new("questionnaire_match_update", "{}", $"{Scripts}update-questionnaire-matches.py", "--updated-by=questionnaire_match") { Prints = "3 of 4\n" },
            """{"msg_type":"questionnaire_match_ready","ok":true,"summary":"3 of 4"}""", $$"""{"msg_type":"questionnaire_match_ready","ok":false,"error":"{{Why}}"}""",
            """{"action":"questionnaire_match","username":"questionnaire_match","sublevel":"low","live_default":false}"""),
        .. Both(
            new("campaign_progress_refresh", """{"created_by":"wen"}""", $"{Scripts}refresh-campaign-progress.py", "--generated-by=wen") { Prints = "2 campaigns" },
            """{"msg_type":"campaign_progress_ready","ok":true,"summary":"2 campaigns"}""", $$"""{"msg_type":"campaign_progress_ready","ok":false,"error":"{{Why}}"}""",
            """{"action":"progress_refresh","username":"wen","sublevel":"low","live_default":false}"""),
        .. Both(
            new("association_sweep", """{"days":30,"created_by":"cron"}""", Manage, "sweep_panda_associations", "--days=30") { Prints = "swept 7" }, null, null,
            """{"action":"association_sweep","username":"cron","sublevel":"high","live_default":true,"days":"30","summary":"swept 7"}"""),
        .. Both(
            new("questionnaire_import", "{}", $"{Scripts}import-questionnaires.py", "--from-sysconfig", "--created-by=questionnaire_import") { Prints = "5 rows" }, null, null,
            """{"action":"questionnaire_import","username":"questionnaire_import","sublevel":"normal","live_default":true,"summary":"5 rows"}"""),
        .. Both(
            new("questionnaire_automatch", """{"all":true}""", $"{Scripts}match-questionnaires.py", "--created-by=automatch", "--all") { Prints = "matched 5" }, null, null,
            """{"action":"questionnaire_automatch","username":"automatch","sublevel":"normal","live_default":true,"summary":"matched 5"}"""),
        .. Both(
            new("rucio_arrivals_sweep", "{}", $"{Scripts}rucio-arrivals-sweep.py", "--created-by=prodops_agent") { Prints = "total_files=3 window_start=x\n26.07 3\n" }, null, null,
            """{"action":"rucio_arrivals_sweep","username":"prodops_agent","sublevel":"low","live_default":false,"summary":"total_files=3 window_start=x"}"""),
        .. Both(
            new("epic_prod_past_import", """{"created_by":"cron"}""", $"{Scripts}epic-prod-past-import.py", "--created-by=cron") { Prints = "a\nb" }, null, null,
            """{"action":"past_import","username":"cron","sublevel":"high","live_default":true,"summary":"b"}"""),
        .. Both(
            new("file_events_measure", """{"created_by":"cron"}""", $"{Scripts}measure-file-events.py") { Prints = "measured 9" }, null, null,
            """{"action":"file_events_measure","username":"cron","sublevel":"low","live_default":false,"summary":"measured 9"}"""),
        .. Both(
            new("delivery_daily_rebuild", """{"created_by":"cron"}""", $"{Scripts}delivery-daily-rebuild.py", "--created-by=cron") { Prints = "SUMMARY {}" }, null, null,
            """{"action":"delivery_daily_rebuild","username":"cron","sublevel":"low","live_default":false,"summary":"SUMMARY {}"}"""),
        .. Both(
            new("sync_epicprod_inventory", """{"pandaid":6123456789,"created_by":"wen"}""", Manage, "sync_epicprod_inventory", "--pandaid=6123456789"),
            """{"msg_type":"epicprod_inventory_ready","ok":true,"pandaid":"6123456789","jeditaskid":null,"task_name":null}""",
            $$"""{"msg_type":"epicprod_inventory_ready","ok":false,"pandaid":"6123456789","jeditaskid":null,"task_name":null,"error":"{{Why}}"}""",
            """{"action":"inventory_sync","sublevel":"low","live_default":false,"pandaid":"6123456789"}"""),
        .. Both(
            new("refresh_system_status", """{"source":"system_page","selected":["web","db"],"created_by":"wen"}""", $"{Scripts}refresh-system-status.py", "--source=system_page", "--only=web", "--only=db"),
            """{"msg_type":"system_status_ready","ok":true}""", $$"""{"msg_type":"system_status_ready","ok":false,"error":"{{Why}}"}""",
            """{"action":"system_status_refresh","sublevel":"low","live_default":false,"source":"system_page"}"""),
        new("capture_system_snap", """{"scope":"testbed","created_by":"wen"}""", $"{Scripts}capture-system-snap.py", "--scope=testbed", "--requested-at={now}", "--manual")
        {
            Prints = """[{"scope":"testbed","outcome":"snap","snap_id":7}]""",
            Event = """{"msg_type":"snapper_capture_ready","ok":true,"scope":"testbed","manual":true,"error":"","results":[{"scope":"testbed","outcome":"snap","snap_id":7}]}""",
            Record = """{"action":"snapper_capture","outcome":"ok","username":"wen","sublevel":"low","live_default":false,"scope":"testbed","manual":true}""",
        },
        new("assessment_completed", """{"job_id":"j-1","prompt_group_id":"p","page_group_id":"","status":"done","timing":null}""",
            "-m", "swf_epicprod.assessment.enforce", "--job-id=j-1", "--prompt-group-id=p", "--page-group-id=", "--status=done", "--timing=None"),
        new FullCase("assessment_completed", """{"job_id":"j-2","prompt_group_id":"p","page_group_id":"g","status":"done","timing":"3 s","created_by":"wen"}""",
            "-m", "swf_epicprod.assessment.enforce", "--job-id=j-2", "--prompt-group-id=p", "--page-group-id=g", "--status=done", "--timing=3 s")
            .Failing(null, $$"""{"action":"assessment_enforce","outcome":"error","sublevel":"high","live_default":false,"reason":"{{Why}}"}"""),
        .. Submissions(),
        .. Operations(),
    ];

    private static FullCase[] Both(FullCase good, string? goodEvent, string? badEvent, string record)
    {
        var bad = System.Text.Json.Nodes.JsonNode.Parse(record)!.AsObject();
        bad["outcome"] = "error";
        bad["reason"] = Why;
        if (bad.ContainsKey("summary"))
        {
            bad["summary"] = ""; // a script that fails has printed nothing here
        }

        var ok = System.Text.Json.Nodes.JsonNode.Parse(record)!.AsObject();
        ok["outcome"] = "ok";
        return [good with { Event = goodEvent, Record = ok.ToJsonString() }, good.Failing(badEvent, bad.ToJsonString())];
    }

    private static FullCase[] Submissions()
    {
        var submit = new FullCase(
            "submit_evgen_task", """{"task_name":"epic.26.07/DIS","panda_tasks_id":12,"panda_task_name":"ignored","owner":"wen","residual":false}""",
            $"{Scripts}submit-evgen-task.py", "--task-name=epic.26.07/DIS", "--panda-tasks-id=12", "--owner=wen");
        const string Record = """ "action":"evgen_task_submit","subject_type":"campaign_task","subject_key":"epic.26.07/DIS","username":"wen","sublevel":"high","live_default":true """;
        return
        [
            submit with
            {
                Prints = "4711\n",
                Event = """{"msg_type":"prodtask_submitted","task_name":"epic.26.07/DIS","jedi_task_id":"4711"}""",
                Record = $$"""{{{Record}},"outcome":"ok","jedi_task_id":"4711"}""",
            },
            submit with
            {
                Prints = "4711\n",
                ExitCode = 7,
                Outcome = "unrecorded",
                Event = $$"""{"msg_type":"prodtask_submit_unrecorded","task_name":"epic.26.07/DIS","jedi_task_id":"4711","reason":"{{Why}}"}""",
                Record = $$"""{{{Record}},"outcome":"unrecorded","reason":"{{Why}}","jedi_task_id":"4711"}""",
            },
            submit.Failing(
                $$"""{"msg_type":"prodtask_submit_failed","task_name":"epic.26.07/DIS","reason":"{{Why}}"}""",
                $$"""{{{Record}},"outcome":"error","reason":"{{Why}}","jedi_task_id":""}""", exitCode: 3),
            // The last one: its doubt holds the task's key from here on.
            submit.Failing(
                $$"""{"msg_type":"prodtask_submit_unrecorded","task_name":"epic.26.07/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: {{Why}}"}""",
                $$"""{{{Record}},"outcome":"unknown","reason":"{{Why}}","jedi_task_id":""}""", exitCode: 6, outcome: "unknown"),
        ];
    }

    private static FullCase[] Operations()
    {
        var pause = new FullCase(
            "panda_task_operation",
            """{"operation":"pause","task_name":"t","jedi_task_id":"77","operation_id":"op-1","created_by":"wen","source":"manual"}""",
            $"{Scripts}panda-task-operation.py", "--operation=pause", "--jedi-task-id=77", "--timeout=120");
        const string Record = """ "action":"panda_task_operation","subject_type":"panda_task","subject_key":"77","username":"wen","sublevel":"high","live_default":true,"task_name":"t" """;
        const string Of = """ "operation_id":"op-1","task_name":"t","jedi_task_id":"77","operation":"pause" """;
        const string Verified = """{"operation": "pause", "verified": true, "observed_status": "paused"}""";
        return
        [
            pause with
            {
                Prints = Verified,
                Event = $$"""{"msg_type":"panda_task_operation_done",{{Of}},"status":"verified","observed_status":"paused","ok":true,"summary":{{System.Text.Json.JsonSerializer.Serialize(Verified)}}}""",
                Record = $$"""{{{Record}},"outcome":"ok","operation":"pause","observed_status":"paused"}""",
            },
            pause with
            {
                Prints = """{"operation": "pause", "verified": false, "observed_status": "running", "status_diagnostic": "not yet"}""",
                Outcome = "unverified",
                Event = $$"""{"msg_type":"panda_task_operation_done",{{Of}},"status":"unverified","observed_status":"running","accepted":true,"ok":false,"error":"accepted, but the task is running: not yet"}""",
                Record = $$"""{{{Record}},"outcome":"unverified","reason":"accepted, but the task is running: not yet","operation":"pause","observed_status":"running"}""",
            },
            pause.Failing(
                $$"""{"msg_type":"panda_task_operation_done",{{Of}},"status":"failed","ok":false,"error":"{{Why}}"}""",
                $$"""{{{Record}},"outcome":"error","reason":"{{Why}}","operation":"pause"}"""),
            new(
                "panda_task_operation",
                """{"operation":"increase_attempts","task_name":"t","composed_name":"c","jedi_task_id":77,"increase":2,"created_by":"wen"}""",
                $"{Scripts}panda-task-operation.py", "--operation=increase_attempts", "--jedi-task-id=77", "--timeout=120", "--increase=2")
            {
                Prints = """{"operation": "increase_attempts", "ok": true}""",
                Event = """{"msg_type":"panda_task_operation_done","operation_id":null,"task_name":"t","jedi_task_id":"77","operation":"increase_attempts","status":"done","observed_status":"","ok":true,"summary":"{\"operation\": \"increase_attempts\", \"ok\": true}"}""",
                Record = $$"""{{{Record}},"outcome":"ok","operation":"increase_attempts"}""",
            },
        ];
    }
}
