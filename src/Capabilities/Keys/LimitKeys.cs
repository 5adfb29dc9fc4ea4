namespace OpsAgent.Capabilities.Keys;

/// <summary><c>limits</c> of a capability.</summary>
internal static class LimitKeys
{
    private const long MiB = 1024 * 1024;

    public static readonly SizeKey Heap = new(
        "heap", "The managed heap of a .NET doer (DOTNET_GCHeapHardLimit), such as \"1GiB\"; other programs take no notice.", 16 * MiB);

    public static readonly SizeKey AddressSpace = new(
        "address_space", "The address space of each process (RLIMIT_AS), such as \"2GiB\". Not for the agent's own doers: it kills their runtime.", MiB);

    public static readonly NumberKey Files = new("files", "Open descriptors of each process (RLIMIT_NOFILE).", 32, 1_000_000);

    public static readonly NumberKey Processes = new(
        "processes",
        "Processes and threads of the agent's user on the host, all its runs and the agent counted (RLIMIT_NPROC): beyond it no more are started.",
        16,
        1_000_000);

    public static readonly SpanKey Cpu = new("cpu", "Processor time of each process (RLIMIT_CPU): SIGXCPU, and 5 s later SIGKILL.");

    public static readonly SizeKey FileSize = new(
        "file_size", "The largest file that is written (RLIMIT_FSIZE), such as \"4GiB\". For the agent's own doers at least 2GiB.", 1024);

    public static readonly TableForm Form = new() { Keys = [Heap, AddressSpace, Files, Processes, Cpu, FileSize] };
}
