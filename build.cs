#!/usr/bin/env dotnet
// The build program: ./build.sh TARGET (or ./build.ps1 TARGET). It needs no package, so it runs before the first restore.
#:include build/BuildLock.cs
#:include build/Chaos.cs
#:include build/ChaosLimits.cs
#:include build/Child.cs
#:include build/Demo.cs
#:include build/Deploy.cs
#:include build/Fuzz.cs
#:include build/Places.cs
#:include build/Share.cs
#:include build/Solution.cs
#:include build/Tally.cs
#:include build/TestRun.cs
#:include build/UsageException.cs
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property RuntimeIdentifiers=

using OpsAgent.Build;

try
{
    return args switch
    {
        [] or ["help" or "--help" or "-h"] => Help(),
        ["build"] => await AloneAsync(Solution.Build),
        ["publish", var folder] when !folder.StartsWith('-') => await AloneAsync(() => Deploy.Publish(folder)),
        ["demo", .. var rest] => await Demo.RunAsync(rest),
        ["chaos", .. var rest] => await AloneAsync(() => Chaos.Run(rest)),
        ["fuzz", .. var rest] => await AloneAsync(() => Fuzz.Run(rest)),
        ["test", .. var rest] => await AloneAsync(() => TestRun.Run(rest)),
        ["help" or "build" or "publish", ..] => throw new UsageException($"wrong arguments for '{args[0]}'"),
        _ => throw new UsageException($"unknown target '{args[0]}'"),
    };
}
catch (UsageException wrong)
{
    await Console.Error.WriteLineAsync($"build: {wrong.Message}; ./build.sh help lists the targets");
    return 64;
}

// Tests too: what they run must not be compiled anew meanwhile.
static async Task<int> AloneAsync(Func<int> work)
{
    using var alone = await BuildLock.TakeAsync(Places.In("artifacts", "build.lock"), Console.Out, TimeProvider.System);
    return work();
}

static int Help()
{
    Console.WriteLine("""
        usage: ./build.sh TARGET

          demo [--keep] [--break rucio|door|disk]
                                           see it work: the agent with a broker inside, and a stand-in for the facility, in a
                                           temporary folder; --keep leaves it running until Ctrl-C and tells how to talk to it;
                                           --break shows what a failure looks like
          build                            restore and build everything (Release)
          test [--filter EXPRESSION] [KIND...]
                                           build and run the tests; KIND: unit process contract chaos endtoend
                                           fuzz; all if none
          chaos [--requests N] [--kills K] [--trees T] [--seed S]
                                           build, and kill the agent under a load of that size; 500, 40, 50 and 7 are what
                                           test does
          fuzz [--target T] [--seconds S] [--cases N] [--seed N] [--target T --replay FILE] [--list]
                                           fire generated and damaged inputs at the readers of what comes from outside, two
                                           targets side by side, 60 seconds each; test does so for 10 (OPSAGENT_FUZZ_SECONDS)
          publish DIR                      build, and leave in DIR the tree that a host runs
          help                             this text

        demo needs nothing but the .NET SDK. It ends with 0 when all was as it should be (with --break, the failure too), 1 when
        not, and 69 when this machine can't show it.

        test installs the servers that its tests start (as root, on Debian), or says what to install. Without them, tests
        that need them are skipped; with CI=true a skipped test is a failure.
        """);
    return 0;
}
