namespace Forecast.Models.Training;

/// <summary>Where a trainer gets its batches: windows of a panel, or series made on the spot.</summary>
/// <typeparam name="TBatch">What the loss takes; its tensors are disposed of after the step.</typeparam>
public interface ITrainingSource<out TBatch>
{
    /// <summary>Windows to learn from.</summary>
    int Count { get; }

    /// <summary>Windows to judge by; 0 = none.</summary>
    int ValidationCount { get; }

    /// <param name="windows">Numbers below <see cref="Count"/>.</param>
    TBatch Load(ReadOnlySpan<int> windows);

    /// <param name="windows">Numbers below <see cref="ValidationCount"/>.</param>
    TBatch LoadValidation(ReadOnlySpan<int> windows);
}
