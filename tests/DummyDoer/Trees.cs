namespace OpsAgent.Tests.DummyDoer;

/// <summary>Commands that start others, in every way in which one can lose sight of them.</summary>
internal static class Trees
{
    // The request's number is among its arguments, so that whoever has cleared its environment is still known by it.
    private static readonly string Seconds =
        "1000." + string.Concat((Environment.GetEnvironmentVariable("OPSAGENT_REQUEST_ID") ?? "").Where(char.IsAsciiDigit).DefaultIfEmpty('0'));

    private static readonly string Sleep = $"sleep {Seconds}";

    /// <summary>So many children side by side.</summary>
    public static int Flat(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Shell.Start("/bin/sleep", Seconds);
        }

        return Waiting.For(Waiting.Long);
    }

    /// <summary>A grandchild whose parent is gone, while the leader waits.</summary>
    public static int DoubleFork()
    {
        Shell.Run($"({Sleep} &)");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>A grandchild in a session of its own, with children there.</summary>
    public static int NewSession()
    {
        Shell.Run($"setsid sh -c '{Sleep} & {Sleep} & touch in-session; wait' & while [ ! -e in-session ]; do sleep 0.01; done");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>The leader ends well and leaves something running.</summary>
    public static int LeaderGone()
    {
        Shell.Run($"{Sleep} >/dev/null 2>&1 & setsid {Sleep} >/dev/null 2>&1 &");
        return 0;
    }

    /// <summary>Five that start children for ever, and a chain in which each orphans the next; about 150 at a time.</summary>
    public static int ForkStorm()
    {
        var script = $$"""
            sower() { n=0; while [ $n -lt 30 ]; do {{Sleep}} & n=$((n+1)); done; wait; }
            chain() { if [ $1 -gt 0 ]; then ( chain $(($1-1)) & ); fi; exec {{Sleep}}; }
            sower & sower & sower & sower &
            chain 30 &
            n=0; while [ $n -lt 2000 ]; do (sleep 0.01 &) ; n=$((n+1)); done &
            wait
            """;
        Shell.Start("/bin/sh", "-c", script);
        return Waiting.For(Waiting.Long);
    }

    /// <summary>The leader ends well while a grandchild in another session holds its stdout.</summary>
    public static int HoldStdout()
    {
        Console.Out.WriteLine("said before");
        Shell.Run($"setsid {Sleep} &");
        return 0;
    }

    /// <summary>A child that SIGTERM does not end; the leader it does.</summary>
    public static int ChildIgnoresTerm()
    {
        Shell.Run($"(trap '' TERM; {Sleep}) & ");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>So many children that SIGTERM does not end; the leader it does.</summary>
    public static int ChildrenIgnoreTerm(int count)
    {
        Shell.Run($"trap '' TERM; n=0; while [ $n -lt {count} ]; do {Sleep} & n=$((n+1)); done");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>All of it stopped.</summary>
    public static int Stopped()
    {
        var child = Shell.Start("/bin/sleep", Seconds);
        Waiting.Ready();
        Shell.Run($"kill -STOP {child.Id}; kill -STOP {Environment.ProcessId}");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>A child without an environment, in our session.</summary>
    public static int ClearedEnvironment()
    {
        Shell.Run($"(env -i {Sleep} &)");
        return Waiting.For(Waiting.Long);
    }

    /// <summary>A child without an environment, in a session of its own, whose parent lives until it is ended.</summary>
    public static int ClearedEnvironmentInNewSession()
    {
        Shell.Start("/usr/bin/setsid", "env", "-i", "sleep", Seconds);
        return Waiting.For(Waiting.Long);
    }

    /// <summary>What only a cgroup holds: no environment, no session, no parent. Writes its pid, so that the test can end it.</summary>
    public static int Escape(string pidFile)
    {
        Shell.Run($"(setsid env -i sh -c 'echo $$ >{pidFile}.tmp; mv {pidFile}.tmp {pidFile}; exec {Sleep}' &) ; while [ ! -e {pidFile} ]; do sleep 0.01; done");
        return 0;
    }

    /// <summary>The same, and the leader lives on.</summary>
    public static int EscapeAndWait(string pidFile)
    {
        Escape(pidFile);
        return Waiting.For(Waiting.Long);
    }
}
