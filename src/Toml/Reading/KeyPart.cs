namespace OpsAgent.Toml.Reading;

/// <summary>One name of a dotted key, and where it is written.</summary>
internal readonly record struct KeyPart(string Name, TomlPosition Position);
