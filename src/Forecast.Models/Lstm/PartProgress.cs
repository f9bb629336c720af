namespace Forecast.Models.Lstm;

/// <summary>The progress of one part of several, as that of the whole.</summary>
internal sealed class PartProgress(IProgress<double> whole, int part, int parts) : IProgress<double>
{
    public void Report(double value) => whole.Report((part + value) / parts);
}
