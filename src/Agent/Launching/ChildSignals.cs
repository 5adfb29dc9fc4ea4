namespace OpsAgent.Agent.Launching;

/// <summary>What the agent's process has to be like before the first child is started.</summary>
internal static class ChildSignals
{
    private const int SigChld = 17;
    private const int SigHup = 1;
    private const int SigQuit = 3;
    private const int SetChildSubreaper = 36;

    /// <summary>
    /// Puts SIGCHLD back to its default. Main calls this first: started with SIGCHLD ignored (some supervisors do), the kernel
    /// reaps children itself and every exit code is lost, and the runtime, when it finds it so at its own start of watching
    /// children, reaps whatever it meets.
    /// </summary>
    public static void Reset()
    {
        Native.SetSignalAction(SigChld, 0);
        // A shell without job control starts what it puts into the background with SIGQUIT ignored, nohup with SIGHUP, and the runtime
        // leaves it so: the agent could not be told to stop at once, or to reload.
        Native.SetSignalAction(SigQuit, 0);
        Native.SetSignalAction(SigHup, 0);
    }

    /// <summary>Makes orphans of doers children of this process, so that none can leave the agent's sight by a double fork.</summary>
    public static void AdoptOrphans() => Native.Prctl(SetChildSubreaper, 1, 0, 0, 0);
}
