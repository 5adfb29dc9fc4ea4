using OpsAgent.Tests.Unit.Schema;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>
/// Every mistake that a manifest can hold, each told at the line that is marked. <c>&lt;--</c> in a comment marks a line at
/// fault; what follows it is part of the message.
/// </summary>
public sealed class ManifestMistakeTests
{
    private const string Sound = """
        doer = ["act", "--id={id}"]
        timeout = "1s"
        [capability.act.fields]
        id = { type = "id", required = true }
        owner = { type = "text", max = 50 }
        force = { type = "flag" }
        task = { type = "task_name", required = true }
        names = { type = "list", max_items = 5 }

        """;

    public static TheoryData<string> InKeys => new()
    {
        "grace = 5 # <-- must be a time such as",
        "grace = \"5\" # <-- must be a time such as",
        "grace = \"0s\" # <-- must be a time such as",
        "grace = \"8d\" # <-- must be a time such as",
        "grace = \"-5s\" # <-- must be a time such as",
        "grace = \"99999999999s\" # <-- must be a time such as",
        "idle_timeout = { env = \"X\" } # <-- capability.act.idle_timeout.default: is missing",
        "idle_timeout = { default = \"5s\" } # <-- capability.act.idle_timeout.env: is missing",
        "idle_timeout = { env = \"X\", default = \"5s\", unit = \"s\" } # <-- idle_timeout.unit: unknown key",
        "idle_timeout = { env = \"BAD\", default = \"5s\" } # <-- BAD in the environment must be a whole number of seconds",
        "idle_timout = \"5s\" # <-- unknown key; did you mean 'idle_timeout'?",
        "something_else = 1 # <-- capability.act.something_else: unknown key",
        "max_parallel = 0 # <-- must be a whole number from 1",
        "max_parallel = \"2\" # <-- must be a whole number from 1",
        "max_pending = -1 # <-- must be a whole number from 1",
        "rate_limit = 10 # <-- must be a number and a time, such as \"10/1m\"",
        "rate_limit = \"0/1m\" # <-- must be a number and a time",
        "rate_limit = \"10 per minute\" # <-- must be a number and a time",
        "rate_limit = \"10000/1m\" # <-- must be a number and a time",
        "rate_limit = \"10/8d\" # <-- must be a number and a time",
        "senders = \"user:a\" # <-- must be an array of strings",
        "senders = [] # <-- must name somebody",
        "senders = [\"webtier\"] # <-- must be \"user:NAME\" or \"key:ID\"",
        "senders = [\"user:\"] # <-- must be \"user:NAME\" or \"key:ID\"",
        "senders = [\"user:a\", \"key:Web\"] # <-- must be \"user:NAME\" or \"key:ID\"",
        "signed = \"yes\" # <-- must be true or false",
        "recovery = \"retry\" # <-- must be one of rerun, report",
        "recovery = \"rerum\" # <-- did you mean 'rerun'?",
        "on_drain = \"wait\" # <-- must be one of requeue, finish",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\non_drain = \"requeue\" # <-- would start it again",
        "point_of_no_return = \"begun\" # <-- is only for recovery = \"report\"",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\npoint_of_no_return = \"a/b\" # <-- must be the name of a file",
        "look_up = 1 # <-- must be an array of tables",
        "release = { doer = [\"act\"] } # <-- is only for recovery = \"report\"",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\nrelease = { doer = [\"act\", \"{nobody}\"] } # <-- unknown variable {nobody}",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\nlook_up = [{ doer = [\"act\"], exit_codes = {} }] # <-- must say of at least one exit code",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\nlook_up = [{ doer = [\"act\"], exit_codes = { 0 = \"unknown\" } }] # <-- must be one of ok, error",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\nlook_up = [{ doer = [\"act\"], exit_codes = { 75 = \"ok\" } }] # <-- 75 means 'try again'",
        "dedup_key = \"{id}\"\nrecovery = \"report\"\nlook_up = [{ doer = [\"act\"], exit_codes = { 0 = \"ok\" }, lane = \"x\" }] # <-- unknown key",
        "capture = true # <-- must be a string, not a boolean",
        "capture = \"file\" # <-- did you mean 'files'?",
        "environment = \"PATH\" # <-- must be an array of strings",
        "environment = [\"*\"] # <-- must be the name of a variable",
        "environment = [\"A B\"] # <-- must be the name of a variable",
        "environment = [\"A*B\"] # <-- must be the name of a variable",
        "environment = [1] # <-- must hold strings",
        "environment = [\"X509_*\"] # <-- takes X509_USER_PROXY: lend it by name, credentials = [\"proxy\"]",
        "environment = [\"X509_USER_PROXY\"] # <-- takes X509_USER_PROXY",
        "environment = [\"A*\"] # <-- takes ACTIVEMQ_PASSWORD, the agent's own secret at the broker",
        "environment = [\"ACTIVEMQ_*\"] # <-- takes ACTIVEMQ_PASSWORD",
        "environment = [\"ACTIVEMQ_PASSWORD\"] # <-- takes ACTIVEMQ_PASSWORD",
        "environment = [\"ACTIVEMQ_PASSWORD*\"] # <-- takes ACTIVEMQ_PASSWORD",
        "environment = [\"ACTIVEMQ_SSL_*\"] # <-- takes ACTIVEMQ_SSL_KEY_FILE",
        "credentials = [\"proxi\"] # <-- there is no [credential.proxi]; did you mean 'proxy'?",
        "dedup_key = \"x:{idd}\" # <-- unknown variable {idd}; did you mean 'id'?",
        "dedup_key = \"x:{reason}\" # <-- {reason} has no value here",
        "dedup_key = \"x:{id\" # <-- a '{' without a '}'",
        "dedup_key = \"x:{id:sorted}\" # <-- only a list can be sorted",
        "timeout_reason = \"after {stdout}\" # <-- {stdout} has no value here",
        "exit_codes = { 256 = \"ok\" } # <-- must be an exit code from 0 to 255",
        "exit_codes = { seven = \"ok\" } # <-- must be an exit code from 0 to 255",
        "exit_codes = { 75 = \"ok\" } # <-- 75 means 'try again'",
        "exit_codes = { 7 = \"unrecordet\" } # <-- did you mean 'unrecorded'?",
        "exit_codes = { 7 = \"rejected\" } # <-- must be one of",
        "exit_codes = { 7 = 1 } # <-- must be a string",
        "exit_codes = { timeout = \"ok\" } # <-- must be one of error, timeout, unknown, unverified",
        "ok_needs = { otherwise = \"error\" } # <-- ok_needs.stdout: is missing",
        "ok_needs = { stdout = \"(\" } # <-- is no regular expression without backtracking",
        "ok_needs = { stdout = \"(a)\\\\1\" } # <-- is no regular expression without backtracking",
        "ok_needs = { stdout = \"a\", otherwise = \"ok\" } # <-- must be one of error, unverified, unknown",
        "ok_needs = { stdout = \"a\", els = \"error\" } # <-- unknown key",
        "failure_marker = \"/tmp/{id}\" # <-- must begin with {tmp}/",
        "failure_marker = \"x{tmp}/{id}\" # <-- must begin with {tmp}/",
        "failure_marker = \"{tmp}\" # <-- must begin with {tmp}/",
        "failure_marker = \"{tmp}/\" # <-- must be a plain path",
        "failure_marker = \"{tmp}//{id}\" # <-- must be a plain path",
        "failure_marker = \"{tmp}/../{id}\" # <-- must be a plain path",
        "failure_marker = \"{tmp}/{id}/\" # <-- must be a plain path",
        "failure_marker = \"{tmp}/{task}\" # <-- {task} of type task_name is no safe path segment: write {task:hash}",
        "failure_marker = \"{tmp}/{owner:hash}\" # <-- {owner:hash} may be missing",
        "failure_marker = \"{tmp}/{tmp}\" # <-- {tmp} stands at the beginning only",
        "failure_marker = \"{tmp}/{ids}\" # <-- unknown variable {ids}",
        "flags = { forse = \"--force\" } # <-- there is no such field; did you mean 'force'?",
        "flags = { id = \"--id\" } # <-- is no flag",
        "flags = { force = \"--x={id}\" } # <-- is a fixed argument",
        "flags = { force = true } # <-- must be a string",
        "flags = [\"--force\"] # <-- must be a table, not an array",
        "optional = { ownr = \"--owner={owner}\" } # <-- there is no such field; did you mean 'owner'?",
        "optional = { force = \"--force={force}\" } # <-- is a flag",
        "optional = { owner = \"{owner}\" } # <-- {owner} of type text(50) could become an option: put it as --owner={owner}",
        "optional = { owner = \"--{owner}\" } # <-- a message would name the option",
        "optional = { owner = \"-o{owner}\" } # <-- a message would name the option",
        "optional = { owner = \"--x={names}\" } # <-- {names} may be missing although owner is there",
        "optional = { names = \"{names}\" } # <-- could become an option",
    };

    public static TheoryData<string> InDoer => new()
    {
        "doer = [\"act\", \"--owner={owner}\"] # <-- {owner} may be missing: require it, give it a default or put the argument under optional",
        "doer = [\"act\", \"{task}\"] # <-- {task} of type task_name could become an option: put it as --task={task}",
        "doer = [\"act\", \"--{id}\"] # <-- a message would name the option",
        "doer = [\"act\", \"--x={nope}\"] # <-- unknown variable {nope}",
        "doer = [\"act\", \"--x={attempts}\"] # <-- {attempts} has no value here",
        "doer = [\"act\", \"\\u0000\"] # <-- can't hold a NUL",
        "doer = [\"{task}\"] # <-- the first is the doer's name",
        "doer = [\"../act\"] # <-- the first is the doer's name",
        "doer = [\"sub/act\"] # <-- the first is the doer's name",
        "doer = [\"/opt/../act\"] # <-- the first is the doer's name",
        "doer = [\"-act\"] # <-- the first is the doer's name",
        "doer = [\"\"] # <-- must hold strings that are not empty",
        "doer = [] # <-- must be an array: the doer's name",
        "doer = \"act --id\" # <-- must be an array of strings, not a string",
    };

    public static TheoryData<string> InFields => new()
    {
        "f = \"id\" # <-- must be a table, not a string",
        "f = { required = true } # <-- fields.f.type: is missing",
        "f = { type = \"ids\" } # <-- did you mean 'id'?",
        "f = { type = \"string\" } # <-- must be one of id, file_name",
        "f = { type = \"id\", requird = true } # <-- fields.f.requird: unknown key; did you mean 'required'?",
        "f = { type = \"id\", max = 5 } # <-- fields.f.max: unknown key",
        "f = { type = \"id\", required = \"yes\" } # <-- must be true or false, not a string",
        "f = { type = \"text\" } # <-- fields.f.max: is missing: a whole number from 1",
        "f = { type = \"text\", max = 0 } # <-- must be a whole number from 1",
        "f = { type = \"text\", max = 100000 } # <-- must be a whole number from 1",
        "f = { type = \"int\", min = 1 } # <-- fields.f.max: is missing",
        "f = { type = \"int\", min = 5, max = 1 } # <-- must not be below min",
        "f = { type = \"enum\" } # <-- must name at least one value",
        "f = { type = \"enum\", values = [\"a\\n\"] } # <-- must be single lines",
        "f = { type = \"list\" } # <-- fields.f.max_items: is missing",
        "f = { type = \"json\" } # <-- fields.f.max: is missing",
        "f = { type = \"flag\", required = true } # <-- means nothing for a flag",
        "f = { type = \"flag\", default = true } # <-- means nothing for a flag",
        "f = { type = \"id\", default = \"x\" } # <-- fields.f.default: must be 1 to 19 digits",
        "f = { type = \"id\", default = 1.0 } # <-- fields.f.default: counts as missing",
        "f = { type = \"id\", default = \"\" } # <-- counts as missing",
        "f = { type = \"id\", required = true, default = 1 } # <-- is never used: the field is required",
        "f = { type = \"enum\", values = [\"a\"], default = \"b\" } # <-- must be one of a",
        "reason = { type = \"id\" } # <-- is the name of a variable that every template has",
        "tmp = { type = \"id\" } # <-- is the name of a variable that every template has",
        "namespace = { type = \"id\" } # <-- is read from every message by the agent itself",
        "\"a b\" = { type = \"id\" } # <-- is no field name",
    };

    public static TheoryData<string> InEvents => new()
    {
        "[[capability.act.on.okay]] # <-- is no outcome: one of ok, error",
        "[[capability.act.on.skipped]] # <-- a skipped request has no event",
        "[capability.act.on.ok] # <-- must be an array of tables: write [[capability.act.on.ok]]",
        "[[capability.act.on.ok]] # <-- capability.act.on.ok.msg_type: is missing",
        "[[capability.act.on.ok]]\nmsg_type = \"a b\" # <-- is no name",
        "[[capability.act.on.ok]]\nmsg_type = \"{id}\" # <-- is no name",
        "[[capability.act.on.ok]]\nmsg_type = \"a23456789012345678901234567890123456789012345678901\" # <-- is no name",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nid = \"{ids}\" # <-- unknown variable {ids}; did you mean 'id'?",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nid = \"{tmp}\" # <-- {tmp} has no value here",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nattempts = \"{attempts}\" # <-- {attempts} has no value here",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nsender = \"me\" # <-- is set by the agent on every event",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nevent_id = \"1\" # <-- is set by the agent on every event",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nstatus = \"x\"\nagent_name = \"y\" # <-- takes the event for a heartbeat",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nid = [\"{id}\"] # <-- must be a template, a finite number, true or false",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nid = inf # <-- must be a template, a finite number, true or false",
        "[[capability.act.on.ok]]\nmsg_type = \"done\"\nid = 2026-01-01 # <-- must be a template, a finite number, true or false",
        "[capability.act.record] # <-- capability.act.record.action: is missing",
        "[capability.act.record]\naction = \"a\"\nsubject_type = \"job\"\nsubject_key = \"{nope}\" # <-- unknown variable {nope}",
        "[capability.act.record] # <-- subject_type: is missing\naction = \"a\"\nsubject_key = \"{id}\"",
        "[capability.act.record]\naction = \"a\"\nsublevel = \"hi\" # <-- must be one of low, normal, high",
        "[capability.act.record]\naction = \"a\"\nlive_default = \"true\" # <-- must be true or false",
        "[capability.act.record]\naction = \"a\"\nusrname = \"x\" # <-- did you mean 'username'?",
    };

    public static TheoryData<string> AtTop => new()
    {
        "[capabilty.x] # <-- unknown table; did you mean 'capability'?",
        "[lanes.x] # <-- unknown table; did you mean 'lane'?",
        "[credentials.x] # <-- unknown table; did you mean 'credential'?",
        "[tesbed] # <-- unknown table; did you mean 'testbed'?",
        "capability = 5 # <-- must be tables of the form [capability.NAME]",
        "lane.x = 5 # <-- must be a table: write [lane.NAME]",
        "[lane.x] # <-- lane.x.slots: is missing",
        "[lane.x]\nslots = 0 # <-- must be a whole number from 1 to 256",
        "[lane.x]\nslots = 1\nslot = 2 # <-- did you mean 'slots'?",
        "[lane.\"a.b\"] # <-- is no name\nslots = 1",
        "[credential.x] # <-- credential.x.env: is missing",
        "[credential.x]\nenv = \"A-B\" # <-- must be the name of an environment variable",
        "[credential.x]\nenv = \"ACTIVEMQ_PASSWORD\" # <-- is the agent's own secret at the broker",
        "[credential.x]\nenv = \"A\"\nfile = \"/x\" # <-- unknown key",
        "[lane.x]\nslots = 1\nslots = 2 # <-- ",
        "[capability.act] # <-- capability.act.description: is missing\ndoer = [\"act\"]\ntimeout = \"1s\"\nlane = \"x\"\n[lane.x]\nslots = 1",
        "[capability.act] # <-- capability.act.timeout: is missing\ndescription = \"a\"\ndoer = [\"act\"]\nlane = \"x\"\n[lane.x]\nslots = 1",
        "[capability.act] # <-- capability.act.lane: is missing\ndescription = \"a\"\ndoer = [\"act\"]\ntimeout = \"1s\"",
        "[capability.act] # <-- capability.act.doer: must be an array\ndescription = \"a\"\ntimeout = \"1s\"\nlane = \"x\"\n[lane.x]\nslots = 1",
        "[capability.act]\ndescription = \"a\"\ndoer = [\"act\"]\ntimeout = \"1s\"\nlane = \"y\" # <-- there is no [lane.y]\n[lane.xxxx]\nslots = 1",
        "[capability.act] # <-- dedup_key: is missing: with recovery = \"report\"\ndescription = \"a\"\ndoer = [\"act\"]\ntimeout = \"1s\"\nrecovery = \"report\"\nlane = \"x\"\n[lane.x]\nslots = 1",
        "[capability.health_ping] # <-- is taken\ndescription = \"a\"\ndoer = [\"act\"]\ntimeout = \"1s\"\nlane = \"x\"\n[lane.x]\nslots = 1",
    };

    /// <summary>All of them as whole manifests.</summary>
    internal static IEnumerable<string> Texts =>
    [
        .. Of(InKeys).Select(InKey), .. Of(InDoer).Select(InCommandLine), .. Of(InFields).Select(InField), .. Of(InEvents).Select(InEvent), .. Of(AtTop),
    ];

    [Theory]
    [MemberData(nameof(InKeys))]
    public void A_mistake_in_a_key_is_told_where_it_stands(string line) => Check(InKey(line));

    [Theory]
    [MemberData(nameof(InDoer))]
    public void A_mistake_in_a_command_line_is_told_where_it_stands(string line) => Check(InCommandLine(line));

    [Theory]
    [MemberData(nameof(InFields))]
    public void A_mistake_in_a_field_is_told_where_it_stands(string line) => Check(InField(line));

    [Theory]
    [MemberData(nameof(InEvents))]
    public void A_mistake_in_an_event_or_record_is_told_where_it_stands(string lines) => Check(InEvent(lines));

    [Theory]
    [MemberData(nameof(AtTop))]
    public void A_mistake_at_the_top_is_told_where_it_stands(string text) => Check(text);

    [Theory]
    [InlineData("exit_codes = { 7 = \"unrecorded\" }", "unrecorded")]
    [InlineData("exit_codes = { signal = \"unknown\" }", "unknown")]
    [InlineData("ok_needs = { stdout = \"x\", otherwise = \"unverified\" }", "unverified")]
    [InlineData("recovery = \"report\"\ndedup_key = \"{id}\"", "unknown")]
    public void An_outcome_that_would_pass_in_silence_is_told(string key, string outcome)
    {
        const string Event = "\n[[capability.act.on.ok]]\nmsg_type = \"done\"\n";

        var error = Assert.Single(Manifests.Parse(Manifests.Head + key + "\n" + Sound + Event).Errors);
        Assert.Equal("capability.act.on", error.Path);
        Assert.Contains($"may end as {outcome}, but no event says so", error.Message, StringComparison.Ordinal);

        Manifests.Valid(Manifests.Head + key + "\n" + Sound + Event + $"[capability.act.on]\n{outcome} = []\n");
        Manifests.Valid(Manifests.Head + key + "\n" + Sound);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        const string Text = """
            [lane.work]
            slots = 0 # <-- whole number
            [capability.one] # <-- doer: must be an array
            lane = "work"
            description = "" # <-- must not be empty
            timeout = 5 # <-- must be a time
            [capability.one.fields]
            a = { type = "idd" } # <-- did you mean 'id'?
            [capability.two]
            description = "two"
            lane = "wrok" # <-- did you mean 'work'?
            timeout = "5s"
            doer = ["two", "--a={b}"] # <-- unknown variable
            """;

        Check(Text);
    }

    [Fact]
    public void An_error_reads_as_editors_want_it()
    {
        var errors = Manifests.Parse("[lane.x]\nslots = \"4\"\n").Errors;

        Assert.Equal("m.toml:2:9: lane.x.slots: must be a whole number from 1 to 256", Assert.Single(errors).ToString());
    }

    [Fact]
    public void A_syntax_error_is_an_error_like_any_other()
    {
        var reading = Manifests.Parse("[lane.x]\nslots = = 4\n");

        Assert.Null(reading.Manifest);
        var error = Assert.Single(reading.Errors);
        Assert.Equal((2, ""), (error.Line, error.Path));
        Assert.StartsWith("m.toml:2:", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_like_any_other()
    {
        var reading = OpsAgent.Capabilities.ManifestReader.Read("/nonexistent/prodops.toml", Manifests.NoEnvironment);

        Assert.Null(reading.Manifest);
        Assert.StartsWith("/nonexistent/prodops.toml: can't be read: ", Assert.Single(reading.Errors).ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Of(TheoryData<string> cases) => ((IEnumerable<object[]>)cases).Select(static c => (string)c[0]);

    private static string InKey(string line) => Manifests.Head + line + "\n" + Sound;

    private static string InCommandLine(string line) => Manifests.Head + line + "\n" + Sound[(Sound.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static string InField(string line) => Manifests.Head + Sound + line;

    private static string InEvent(string lines) => Manifests.Head + Sound + lines;

    private static void Check(string text)
    {
        var lines = text.Split('\n');
        var expected = lines
            .Select(static (line, i) => (Line: i + 1, At: line.IndexOf("# <-- ", StringComparison.Ordinal), Text: line))
            .Where(static l => l.At >= 0)
            .Select(static l => (l.Line, Message: l.Text[(l.At + 6)..]))
            .ToList();

        var reading = Manifests.Parse(text, new Dictionary<string, string> { ["BAD"] = "soon" });

        Assert.Null(reading.Manifest);
        var all = string.Join('\n', reading.Errors);
        Assert.True(expected.Select(static e => e.Line).SequenceEqual(reading.Errors.Select(static e => e.Line).Distinct()), all);
        foreach (var (line, message) in expected)
        {
            Assert.True(reading.Errors.Any(e => e.Line == line && e.ToString().Contains(message, StringComparison.Ordinal)), $"{line}: {message}\n{all}");
        }

        CheckSchema(text, [.. lines.Where(static l => l.Contains("# <-- ", StringComparison.Ordinal))]);
    }

    /// <summary>The schema refuses what has the wrong shape; a syntax error comes before any schema.</summary>
    private static void CheckSchema(string text, IReadOnlyList<string> faults)
    {
        try
        {
            var told = Schemas.File.Errors(TomlDocument.Parse(text, "m.toml"));
            Assert.True(told.Count > 0 != faults.All(Schemas.IsOnlyTheReaders), $"the schema says: {string.Join("; ", told)}\nof: {string.Join('\n', faults)}");
        }
        catch (TomlException)
        {
            Assert.All(faults, static f => Assert.EndsWith("# <-- ", f, StringComparison.Ordinal));
        }
    }
}
