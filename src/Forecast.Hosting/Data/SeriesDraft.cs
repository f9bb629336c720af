using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>A series that has been read but may still be renamed.</summary>
internal sealed record SeriesDraft(string Id, Frequency Frequency, TradingCalendar? Calendar, Instant[] Times, Column Target, IReadOnlyList<Column> Covariates)
{
    public SeriesDraft Named(string id) => this with { Id = id };

    public TimeSeries Build() => new(Id, Frequency, Times, [Target, .. Covariates], Calendar);
}
