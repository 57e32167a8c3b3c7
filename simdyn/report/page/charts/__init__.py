"""The data of the page's charts: plain numbers, rounded for reading, by chart."""
