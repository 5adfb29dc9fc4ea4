using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>A production task's row; what a PATCH may write can be set.</summary>
public sealed class PcsTask
{
    /// <summary>Its primary key.</summary>
    public required int Id { get; init; }

    /// <summary>The stored name; legacy ones hold <c>/</c>.</summary>
    public required string Name { get; set; }

    /// <summary>The name composed of its parts, by which messages and pages know it.</summary>
    public required string ComposedName { get; init; }

    /// <summary>Free text.</summary>
    public string Description { get; set; } = "";

    /// <summary>draft, ready, submitted, ...</summary>
    public string Status { get; set; } = "ready";

    /// <summary>Primary key of the dataset row that it reads.</summary>
    public int? Dataset { get; set; }

    /// <summary>That dataset's name.</summary>
    public string? DatasetName { get; init; }

    /// <summary>Primary key of its production configuration.</summary>
    public int? ProdConfig { get; set; }

    /// <summary>Path of the catalogue CSV that it came from.</summary>
    public string? CsvFile { get; set; }

    /// <summary>Whatever the writers of PCS keep there; a PATCH replaces all of it.</summary>
    public JsonObject Overrides { get; set; } = [];

    /// <summary>The JEDI task; null until a submission is recorded.</summary>
    public long? PandaTaskId { get; set; }

    /// <summary>The HTCondor cluster; null for PanDA tasks.</summary>
    public long? CondorClusterId { get; set; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "operator";

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; } = new(2026, 7, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>UTC; grows with each write.</summary>
    public DateTimeOffset UpdatedAt { get; set; } = new(2026, 7, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The text of <c>command/?fmt=panda</c>; null answers 400, as for a task that lacks what a command needs.</summary>
    public string? PandaCommand { get; set; }

    /// <summary>As whom the submission was recorded: the X-Remote-User, else <c>token</c>.</summary>
    public string? RecordedBy { get; set; }

    /// <summary>The row as REST shows it.</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["composed_name"] = ComposedName,
        ["description"] = Description,
        ["status"] = Status,
        ["dataset"] = Dataset,
        ["dataset_name"] = DatasetName,
        ["prod_config"] = ProdConfig,
        ["prod_config_name"] = ProdConfig is { } config ? $"config-{config}" : null,
        ["csv_file"] = CsvFile,
        ["overrides"] = Overrides.DeepClone(),
        ["panda_task_id"] = PandaTaskId,
        ["condor_cluster_id"] = CondorClusterId,
        ["condor_command"] = "",
        ["panda_command"] = PandaCommand ?? "",
        ["input_dids"] = new JsonArray(),
        ["output_dids"] = new JsonArray(),
        ["panda_tasks"] = PandaTaskId is { } jedi ? new JsonArray(jedi) : [],
        ["created_by"] = CreatedBy,
        ["created_at"] = CreatedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
        ["updated_at"] = UpdatedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
    };
}
