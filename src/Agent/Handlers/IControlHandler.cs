using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Handlers;

/// <summary>Answers at once and never asks for work, so that there is nothing to pause.</summary>
internal interface IControlHandler : IHandler;
