namespace OpsAgent.Tests.Support.StompPy;

/// <summary>What was asked of stomp.py raised an exception there; the message names it.</summary>
public sealed class StompPyException(string message) : Exception(message);
