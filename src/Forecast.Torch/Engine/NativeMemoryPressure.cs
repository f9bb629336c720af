namespace Forecast.Torch;

/// <summary>
/// Keeps native memory bounded where tensors are dropped without being disposed of. The collector sees small objects only, and
/// would let millions of them wait; so the memory behind live tensors is counted here (estimated: views and graphs are not
/// seen), and a collection is asked for when it has grown by a good part since tensors were last reclaimed.
/// </summary>
internal static class NativeMemoryPressure
{
    // Growth that is not worth a collection: 64 MiB.
    private const long SmallGrowthKib = 64 << 10;

    private static long liveKib;
    private static long liveTensors;
    private static long limitKib = SmallGrowthKib;
    private static int collections;
    private static int collecting;

    internal static long Tensors => Interlocked.Read(ref liveTensors);

    internal static void Add(int kib)
    {
        Interlocked.Increment(ref liveTensors);
        var now = Interlocked.Add(ref liveKib, kib);
        if (now > Volatile.Read(ref limitKib)) Relieve(now);
    }

    /// <param name="kib">As it was added.</param>
    /// <param name="byFinalizer">Whether nobody disposed of the tensor.</param>
    internal static void Remove(int kib, bool byFinalizer)
    {
        Interlocked.Decrement(ref liveTensors);
        var now = Interlocked.Add(ref liveKib, -kib);

        // Collections free nothing themselves: the finalizers after them do, and so bring the limit down again.
        if (byFinalizer && LimitAbove(now) < Volatile.Read(ref limitKib)) Volatile.Write(ref limitKib, LimitAbove(now));
    }

    private static long LimitAbove(long kib) => kib + Math.Max(SmallGrowthKib, kib / 2);

    private static void Relieve(long now)
    {
        if (Interlocked.Exchange(ref collecting, 1) != 0) return;
        try
        {
            Volatile.Write(ref limitKib, LimitAbove(now));
            var count = ++collections;
            GC.Collect(count % 16 == 0 ? 2 : count % 4 == 0 ? 1 : 0, GCCollectionMode.Forced, blocking: false);
        }
        finally
        {
            Volatile.Write(ref collecting, 0);
        }
    }
}
