namespace OpsAgent.Abstractions;

/// <summary>What the kernel, or the runtime, lets each process of a run have; null: as much as the agent itself may.</summary>
public sealed record DoerLimits
{
    /// <summary>Sets them and becomes the doer; of util-linux.</summary>
    public const string Program = "/usr/bin/prlimit";

    /// <summary>Bytes of the managed heap of a .NET doer; other programs take no notice.</summary>
    public long? Heap { get; init; }

    /// <summary>Bytes of address space. Not for .NET doers, whose runtime reserves far more than it uses.</summary>
    public long? AddressSpace { get; init; }

    /// <summary>Open descriptors.</summary>
    public long? Files { get; init; }

    /// <summary>Processes and threads of the agent's user on this host, of all its runs together.</summary>
    public long? Processes { get; init; }

    /// <summary>Processor time.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Bytes of any one file that is written.</summary>
    public long? FileSize { get; init; }
}
