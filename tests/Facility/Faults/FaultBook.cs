using System.Collections.Concurrent;

namespace OpsAgent.Tests.Facility.Faults;

/// <summary>The faults that are armed, by call.</summary>
public sealed class FaultBook<TFault>
    where TFault : ServiceFault
{
    private readonly ConcurrentDictionary<string, (TFault Fault, int Met)> _faults = new();

    /// <summary>Makes a call go wrong; replaces what was armed for it.</summary>
    public void Arm(string call, TFault fault) => _faults[call] = (fault, 0);

    /// <summary>The fault that this call meets; null if it is to be answered well.</summary>
    internal TFault? Take(string call)
    {
        while (_faults.TryGetValue(call, out var now) && now.Met - now.Fault.After < now.Fault.Times)
        {
            if (_faults.TryUpdate(call, (now.Fault, now.Met + 1), now))
            {
                return now.Met < now.Fault.After ? null : now.Fault;
            }
        }

        return null;
    }
}
