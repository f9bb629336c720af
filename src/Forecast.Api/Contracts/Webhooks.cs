namespace Forecast.Api.Contracts;

/// <summary>Asks to be told when jobs end.</summary>
public sealed record WebhookBody
{
    /// <summary>An http or https address; of the public internet, unless the server was set to allow others.</summary>
    public required string Url { get; init; }
}

/// <summary>A webhook.</summary>
public sealed record WebhookAnswer
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Key of the signatures; told once, when the webhook is made.</summary>
    public string? Secret { get; init; }

    public required string CreatedAt { get; init; }

    /// <summary>The latest deliveries, latest first; told for a single webhook.</summary>
    public IReadOnlyList<DeliveryBody>? Deliveries { get; init; }
}

/// <summary>A delivery to a webhook.</summary>
public sealed record DeliveryBody
{
    /// <summary>What the header <c>Forecast-Delivery</c> says.</summary>
    public required string Id { get; init; }

    public required string JobId { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong the last time.</summary>
    public string? Error { get; init; }

    /// <summary>When it is tried next.</summary>
    public string? NextAt { get; init; }

    public required string CreatedAt { get; init; }

    public string? EndedAt { get; init; }
}

/// <summary>Webhooks, oldest first.</summary>
public sealed record WebhookList(IReadOnlyList<WebhookAnswer> Items);
